// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/planjson.h"
#include "tests/core/record/plans.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <cmath>
#include <functional>

using namespace aviary;
using namespace aviary::record;
using kernel::Plan;

class TestPlanJson : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void comesBack();
    void readsWell();
    void aHundredThousandTargetsTakeNoTime();
    void incoherentPlansAreRefused_data();
    void incoherentPlansAreRefused();
    void wrongJsonIsRefused_data();
    void wrongJsonIsRefused();
};

void TestPlanJson::comesBack() {
    using namespace kernel;
    Plan plan = tests::canaryPlan(7);
    plan.judges.push_back(Tolerance{{"errors", "p99"}, 0.25, {0.1, 0.3}, 0.9, 0.5});
    plan.steps.push_back(HoldStep{5'000});
    plan.steps.push_back(SwitchStep{});
    plan.targets[3].standing = Standing::Behind;
    plan.targets[3].reach = Reach::Degraded;
    plan.policy.on_failure = OnFailure::Stop;
    const QByteArray text = QJsonDocument(toJson(plan)).toJson(QJsonDocument::Compact);
    const auto back = planFromJson(QJsonDocument::fromJson(text).object(), {});
    QVERIFY2(back, qPrintable(toText(back ? Error{} : back.error())));
    QVERIFY(*back == plan);

    plan.policy.max_unavailable.reset();
    plan.policy.success_threshold.reset();
    const auto bare = planFromJson(toJson(plan), {});
    QVERIFY(bare && *bare == plan);
}

void TestPlanJson::readsWell() {
    const QJsonObject json = toJson(tests::canaryPlan(4));
    const auto text = [](const QJsonValue &value) {
        return QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
    };
    QCOMPARE(json.value(u"strategy").toString(), QStringLiteral("canary"));
    QCOMPARE(text(json.value(u"targets").toArray().at(1)),
             R"({"node":"edge-1","previous":1,"reach":"touchable","site":1,"standing":"pending"})");
    QCOMPARE(text(json.value(u"steps").toArray().at(1)), R"({"step":"shift","weight":1000})");
    QCOMPARE(text(json.value(u"judges").toArray().at(0)),
             R"({"judge":"health_share","threshold":950000})");
}

void TestPlanJson::aHundredThousandTargetsTakeNoTime() {
    const Plan plan = tests::canaryPlan(100'000);
    const auto back = planFromJson(toJson(plan), {});
    QVERIFY(back && *back == plan);
}

void TestPlanJson::incoherentPlansAreRefused_data() {
    using namespace kernel;
    using Spoil = std::function<void(Plan &)>;
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const char *where, const Spoil &spoil) {
        QTest::newRow(name) << spoil << QString::fromUtf8(where);
    };
    row("no revisions", "revisions", [](Plan &p) { p.revisions.clear(); });
    row("to nothing", "revisions", [](Plan &p) { p.to = 0; });
    row("to beyond", "revisions", [](Plan &p) { p.to = 3; });
    row("twice", "revisions", [](Plan &p) { p.revisions[2] = "v41"; });
    row("no service", "service", [](Plan &p) { p.service.clear(); });
    row("site beyond", "targets[2]", [](Plan &p) { p.targets[2].site = 3; });
    row("previous beyond", "targets[0]", [](Plan &p) { p.targets[0].previous = 9; });
    row("nameless", "targets[5]", [](Plan &p) { p.targets[5].node.clear(); });
    row("active beyond", "targets", [](Plan &p) { p.active = 100; });
    row("pending beyond active", "targets", [](Plan &p) { p.active = 1; });
    row("update beyond", "steps[0]", [](Plan &p) { p.steps[0] = UpdateStep{0, 99, 1, 1, 0}; });
    row("update backwards", "steps[0]", [](Plan &p) { p.steps[0] = UpdateStep{3, 1, 1, 1, 0}; });
    row("wave of none", "steps[0]", [](Plan &p) { p.steps[0] = UpdateStep{0, 1, 0, 1, 0}; });
    row("delay for ever", "steps[0]", [](Plan &p) {
        p.steps[0] = UpdateStep{0, 1, 1, 1, INT64_MAX};
    });
    row("over 100 %", "steps[1]", [](Plan &p) { p.steps[1] = ShiftStep{10'001}; });
    row("negative weight", "steps[1]", [](Plan &p) { p.steps[1] = ShiftStep{-1}; });
    row("judge beyond", "steps[2]", [](Plan &p) { p.steps[2] = CheckStep{0, 9, 0, 0}; });
    row("negative hold", "steps[3]", [](Plan &p) { p.steps[3] = HoldStep{-5}; });
    row("share over one", "judges[0]", [](Plan &p) { p.judges[0] = HealthShare{1'000'001}; });
    row("NaN", "judges[0]", [](Plan &p) { p.judges[0] = Tolerance{{}, NAN, {}, 0.9, 0.5}; });
    row("a tolerance too many", "judges[0]", [](Plan &p) {
        p.judges[0] = Tolerance{{"a"}, 0.1, {0.1, 0.2}, 0.9, 0.5};
    });
    row("alpha 0", "judges[1]", [](Plan &p) { p.judges[1] = NotWorse{0, 0, 1, true}; });
    row("none parallel", "policy", [](Plan &p) { p.policy.max_parallel = 0; });
    row("negative deadline", "policy", [](Plan &p) { p.policy.healthy_deadline_ms = -1; });
}
void TestPlanJson::incoherentPlansAreRefused() {
    QFETCH(std::function<void(Plan &)>, spoil);
    QFETCH(QString, where);
    Plan plan = tests::canaryPlan(6);
    QVERIFY(checkPlan(plan, {}));
    spoil(plan);
    const auto back = planFromJson(toJson(plan), QStringLiteral("a.run.jsonl"));
    QVERIFY(!back);
    QCOMPARE(back.error().where, u"a.run.jsonl: " + where);
    QCOMPARE(back.error().code, ErrorCode::Invalid);
}

void TestPlanJson::wrongJsonIsRefused_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, const QString &key, const QJsonValue &value,
                        const QString &what) { QTest::newRow(name) << key << value << what; };
    row("missing", QStringLiteral("service"), QJsonValue(QJsonValue::Undefined),
        QStringLiteral("\"service\" is missing"));
    row("no list", QStringLiteral("targets"), 5, QStringLiteral("\"targets\" is no list"));
    row("no object", QStringLiteral("targets"), QJsonArray{5},
        QStringLiteral("\"targets\" item 0 is no object"));
    row("unknown word", QStringLiteral("mode"), QStringLiteral("sideways"),
        QStringLiteral("\"mode\" \"sideways\" is not known"));
    row("unknown step", QStringLiteral("steps"),
        QJsonArray{QJsonObject{{QStringLiteral("step"), QStringLiteral("run")}}},
        QStringLiteral("\"step\" \"run\" is not known"));
    row("surplus", QStringLiteral("exec"), QStringLiteral("/bin/sh"),
        QStringLiteral("\"exec\" is not known here"));
}
void TestPlanJson::wrongJsonIsRefused() {
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QFETCH(QString, what);
    QJsonObject json = toJson(tests::canaryPlan(3));
    if (value.isUndefined()) {
        json.remove(key);
    } else {
        json.insert(key, value);
    }
    const auto back = planFromJson(json, {});
    QVERIFY(!back);
    QCOMPARE(back.error().what, what);
}

QTEST_GUILESS_MAIN(TestPlanJson)
#include "test_planjson.moc"
