// SPDX-License-Identifier: GPL-3.0-or-later
// plan import and plan export as an operator types them.
#include "tests/cli/commandrun.h"

#include <QTemporaryDir>
#include <QTest>

using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

const QString samples = QStringLiteral(AVIARY_SOURCE_DIR "/resources/samples/import/");

} // namespace

class TestExchange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsLostGoesToStandardError();
    void strictFailsWhereSomethingIsLost();
    void jsonHasTheDocumentedShape();
    void anImportIsLintedAndExported();
    void aBadFileNamesItsPlace();
    void textThatTurnsIsShownPlain();
    void wrongUseIsTwo();

private:
    QTemporaryDir dir_;
};

void TestExchange::whatIsLostGoesToStandardError() {
    const CommandRun run = runCommand({u"plan"_qs, u"import"_qs, samples + u"menu.rollout.yaml"});
    QCOMPARE(run.code, 0);
    QVERIFY(run.out.startsWith("format: aviary-plan/1\nservice: menu\n"));
    QVERIFY2(run.err.contains("not carried over: spec.strategy.blueGreen.previewReplicaCount: 1: "),
             run.err.constData());
}

void TestExchange::strictFailsWhereSomethingIsLost() {
    QCOMPARE(
        runCommand({u"plan"_qs, u"import"_qs, samples + u"menu.rollout.yaml"_qs, u"--strict"_qs})
            .code,
        1);
}

void TestExchange::jsonHasTheDocumentedShape() {
    const CommandRun run = runCommand({u"plan"_qs, u"import"_qs, samples + u"gateway.nomad.json",
                                       u"--from"_qs, u"v8"_qs, u"--json"_qs});
    QCOMPARE(run.code, 0);
    QStringList members = run.json().keys();
    QCOMPARE(members, (QStringList{u"kind"_qs, u"plan_yaml"_qs, u"unmapped"_qs}));
    const QJsonObject first = run.json()[u"unmapped"].toArray().first().toObject();
    QCOMPARE(first.keys(), (QStringList{u"path"_qs, u"what"_qs, u"why"_qs}));
    QVERIFY(run.json()[u"plan_yaml"].toString().contains(u"canary_nodes: 2"));
}

void TestExchange::anImportIsLintedAndExported() {
    const QString plan = dir_.filePath(u"checkout.plan.yaml"_qs);
    const CommandRun import =
        runCommand({u"plan"_qs, u"import"_qs, samples + u"checkout.rollout.yaml", u"--from"_qs,
                    u"v41"_qs, u"-o"_qs, plan});
    QCOMPARE(import.code, 0);
    QVERIFY(import.out.isEmpty());
    QCOMPARE(runCommand({u"plan"_qs, u"lint"_qs, plan}).code, 0);
    const CommandRun argo = runCommand({u"plan"_qs, u"export"_qs, plan, u"--as"_qs, u"argo"_qs});
    QCOMPARE(argo.code, 0);
    QVERIFY2(argo.out.contains("- setWeight: 25"), argo.out.constData());
    const CommandRun nomad = runCommand(
        {u"plan"_qs, u"export"_qs, plan, u"--as"_qs, u"nomad"_qs, u"--nodes"_qs, u"48"_qs});
    QCOMPARE(nomad.code, 0);
    QVERIFY2(nomad.out.contains("canary            = 4\n"), nomad.out.constData());
    QVERIFY(nomad.err.contains("not carried over: strategy.stages"));
    const CommandRun own = runCommand({u"plan"_qs, u"export"_qs, plan, u"--as"_qs, u"aviary"_qs});
    QFile file(plan);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(own.out, file.readAll());
}

void TestExchange::aBadFileNamesItsPlace() {
    const QString path = dir_.filePath(u"bad.yaml"_qs);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
               "  replicas: 1e400\n");
    file.close();
    const CommandRun run = runCommand({u"plan"_qs, u"import"_qs, path});
    QCOMPARE(run.code, 2);
    QVERIFY2(run.err.contains("bad.yaml:5") && run.err.contains("spec.replicas is \"1e400\"") &&
                 run.err.contains("a whole number"),
             run.err.constData());
}

void TestExchange::textThatTurnsIsShownPlain() {
    const QString path = dir_.filePath(u"bidi.yaml"_qs);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"
               "  labels: {note: \"\xe2\x80\xae\x1b[2Jgnp\"}\nspec:\n"
               "  template: {spec: {containers: [{image: 'web:2'}]}}\n");
    file.close();
    const CommandRun run = runCommand({u"plan"_qs, u"import"_qs, path});
    QVERIFY(!run.err.contains("\xe2\x80\xae"));
    QVERIFY(!run.err.contains('\x1b') && !run.out.contains('\x1b'));
}

void TestExchange::wrongUseIsTwo() {
    QCOMPARE(runCommand({u"plan"_qs, u"import"_qs, u"/nonexistent/file"_qs}).code, 2);
    QCOMPARE(runCommand({u"plan"_qs, u"export"_qs, samples, u"--as"_qs, u"helm"_qs}).code, 2);
    QCOMPARE(runCommand({u"plan"_qs, u"import"_qs}).code, 2);
}

QTEST_GUILESS_MAIN(TestExchange)
#include "test_exchange.moc"
