// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/columns.h"
#include "core/api/gitvalues.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"

#include <QJsonDocument>
#include <QTest>

using namespace aviary;
using namespace aviary::api;
using namespace Qt::Literals;

namespace {

NodeRow nodeOf(int number) {
    NodeRow node;
    node.id = u"n-%1"_qs.arg(number);
    node.name = u"store %1"_qs.arg(number);
    node.site = u"eu-%1"_qs.arg(number % 3);
    node.labels = {{u"rack"_qs, u"r1"_qs}, {u"tier"_qs, QString::number(number % 2)}};
    node.status = kernel::NodeStatus(number % 3);
    node.flags.draining = number % 5 == 0;
    node.flags.excluded = number % 7 == 0;
    node.heard_wall_ms = 1'700'000'000'000 + number;
    node.behind = quint32(number % 4);
    node.services = {{u"checkout"_qs, number % 2 ? u"v41"_qs : u"v42"_qs, true, {}}};
    node.usage = {250'000, 512, 1024, 3};
    node.capacity = {4096, 8192, 10};
    return node;
}

RolloutDetail detailOf(int targets) {
    RolloutDetail detail;
    detail.row.id = u"01ARZ3NDEKTSV4RRFFQ69G5FAV"_qs;
    detail.row.strategy = kernel::StrategyKind::BlueGreen;
    detail.row.status = kernel::Status::RollingBack;
    detail.row.epoch = (1ULL << 62) + 1; // beyond what a double holds
    detail.row.weight = 2500;
    detail.evidence = {u"v42 answered 20 % errors"_qs, u"allowed: 0.5 points more"_qs};
    detail.verdict.ruling = kernel::Ruling::ZeroBaseline;
    detail.verdict.fresh.requests = 12'402;
    detail.verdict.errors = {-0.001, 0.0031};
    detail.stages = {1000, 2500, 10000};
    detail.steps = {{u"Update 4 nodes"_qs, StepSign::Now, 4000, -1, 1000}};
    for (int i = 0; i < targets; ++i) {
        detail.targets.push_back({u"n-%1"_qs.arg(i), u"eu-1"_qs, u"v41"_qs,
                                  kernel::Phase(i % int(kernel::phase_count)),
                                  kernel::NodeStatus::Online, i == 3 ? u"exit 1"_qs : QString()});
    }
    detail.promote_max = 5'000;
    detail.fresh_share = 0.25;
    detail.up_share = 0.875;
    detail.traffic_now = 2'500;
    detail.load_text = u"the nodes would carry too much"_qs;
    detail.phases = {3, 0, 1, 44};
    detail.sites = {{u"eu-1"_qs, 14, 1, 13, 12}};
    detail.permissions = {{u"promote"_qs, false, u"it is paused: resume it first"_qs}};
    detail.traffic = {{1'700'000'000'000, 0.25, 200, 0.01, 0.0, 0, 0, {-0.1, 0.1}}};
    detail.happenings = {{7, 1'700'000'000'000, u"you"_qs, u"promoted to 25 %"_qs, 2'500}};
    return detail;
}

// Through the text, as it travels.
template <class T>
Result<T> travelled(const T &value, Form form = Form::Columns) {
    const QByteArray text = QJsonDocument(toJson(value, form)).toJson(QJsonDocument::Compact);
    return fromJson<T>(QJsonDocument::fromJson(text).object());
}

} // namespace

class TestValuesJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyValueComesBack();
    void largeListsComeBackInBothForms();
    void aPageOfNodesIsCompact();
    void unknownAndMissingMembersAreNoFault();
    void wrongInputNamesItsPlace_data();
    void wrongInputNamesItsPlace();
    void brokenColumnsAreRefused_data();
    void brokenColumnsAreRefused();
    void rowsWithoutAnIdGetOne();
    void errorsTravelWithTheirRemedy();
    void everyWordIsReadBack();
};

void TestValuesJson::everyValueComesBack() {
    ClusterRow cluster;
    cluster.id = u"edge"_qs;
    cluster.kind = ClusterKind::Nomad;
    cluster.klass = ClusterClass::Production;
    cluster.contact = Contact::Stale;
    cluster.needs_approval = true;
    QCOMPARE(travelled(cluster).value(), cluster);
    EffectRow effect;
    effect.sites = {{u"eu-1"_qs, 4, 4, 3}};
    effect.sentences = {u"6 nodes get v42"_qs};
    effect.requests_per_minute = 8.5;
    QCOMPARE(travelled(effect).value(), effect);
    QCOMPARE(travelled(nodeOf(35)).value(), nodeOf(35));
    QCOMPARE(travelled(detailOf(4)).value(), detailOf(4));
    DeploymentRow deployment;
    deployment.tags = {u"before-sale"_qs};
    deployment.bad = true;
    deployment.status = kernel::Status::Superseded;
    QCOMPARE(travelled(deployment).value(), deployment);
    RequestRow request;
    request.outcome = Outcome::Unknown;
    QCOMPARE(travelled(request).value(), request);
    AlertRow alert;
    alert.kind = AlertKind::ClusterLost;
    alert.snoozed_by = u"ann"_qs;
    alert.snoozed_until_wall_ms = 5;
    QCOMPARE(travelled(alert).value(), alert);
    const AlertDelivery delivery{{u"/bin/mail"_qs, u"-s"_qs}, u"https://a.b/c"_qs};
    QCOMPARE(travelled(delivery).value(), delivery);
    DaemonState daemon;
    daemon.present = {u"ann"_qs, u"ben"_qs};
    QCOMPARE(travelled(daemon).value(), daemon);
    PlanAnswer answer;
    answer.problems = {{u"stages[2]"_qs, u"120 is over 100 %"_qs, u"1 to 100"_qs}};
    QCOMPARE(travelled(answer).value(), answer);
    GitRepositoryRow repository;
    repository.id = u"edge-plans"_qs;
    repository.start = GitStart::Auto;
    repository.state = GitState::Rewritten;
    repository.signature = Signature::Verified;
    repository.services = {{u"edge-plans/shop"_qs,
                            u"shop"_qs,
                            u"shop.plan.yaml"_qs,
                            Drift::Gone,
                            u"v3"_qs,
                            u"ab12"_qs,
                            {},
                            u"no longer in git"_qs}};
    QCOMPARE(travelled(repository).value(), repository);
    const SnapshotRow snapshot{3, u"v3"_qs, u"dep_1"_qs, SnapshotWord::RolledBack, true, true, {}};
    QCOMPARE(travelled(snapshot).value(), snapshot);
    HealthReport report{Health::NoChecks, u"nothing checks it"_qs, {{}}};
    QCOMPARE(travelled(report).value(), report);
}

void TestValuesJson::largeListsComeBackInBothForms() {
    FleetPage page{u"edge"_qs, 9, 5000, 4096, {}};
    for (int i = 0; i < 904; ++i) {
        page.nodes.push_back(nodeOf(i));
    }
    QVERIFY(toJson(page).value(u"nodes"_qs).isObject());
    QVERIFY(toJson(page, Form::Rows).value(u"nodes"_qs).isArray());
    QCOMPARE(travelled(page).value(), page);
    QCOMPARE(travelled(page, Form::Rows).value(), page);
    QCOMPARE(travelled(detailOf(500)).value(), detailOf(500));
    QCOMPARE(listFromJson<NodeRow>(listToJson(page.nodes)).value(), page.nodes);
}

void TestValuesJson::aPageOfNodesIsCompact() {
    FleetPage page;
    for (int i = 0; i < page_nodes_max; ++i) {
        page.nodes.push_back(nodeOf(i));
    }
    const auto packed = QJsonDocument(toJson(page)).toJson(QJsonDocument::Compact).size();
    const auto rows = QJsonDocument(toJson(page, Form::Rows)).toJson(QJsonDocument::Compact).size();
    QVERIFY2(packed * 5 < rows, qPrintable(u"%1 of %2 bytes"_qs.arg(packed).arg(rows)));
}

void TestValuesJson::unknownAndMissingMembersAreNoFault() {
    const auto node = fromJson<NodeRow>(
        {{u"id"_qs, u"a"_qs}, {u"colour"_qs, u"blue"_qs}, {u"behind"_qs, QJsonValue::Null}});
    QVERIFY(node);
    QCOMPARE(node->id, u"a"_qs);
    QCOMPARE(node->behind, 0U);
}

void TestValuesJson::wrongInputNamesItsPlace_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place");
    QTest::newRow("word") << QByteArray(R"({"row":{"status":"sleeping"}})") << u"row.status"_qs;
    QTest::newRow("deep") << QByteArray(R"({"targets":[{},{"phase":7}]})")
                          << u"targets[1].phase"_qs;
    QTest::newRow("negative") << QByteArray(R"({"row":{"nodes":-1}})") << u"row.nodes"_qs;
    QTest::newRow("fraction") << QByteArray(R"({"stages":[10.5]})") << u"stages[0]"_qs;
    QTest::newRow("too large") << QByteArray(R"({"stages":[3000000000]})") << u"stages[0]"_qs;
    QTest::newRow("far too large") << QByteArray(R"({"row":{"epoch":1e300}})") << u"row.epoch"_qs;
    QTest::newRow("list") << QByteArray(R"({"evidence":"one"})") << u"evidence"_qs;
    QTest::newRow("object") << QByteArray(R"({"verdict":[]})") << u"verdict"_qs;
    QTest::newRow("text") << QByteArray(R"({"evidence":[1]})") << u"evidence[0]"_qs;
    QTest::newRow("bool") << QByteArray(R"({"permissions":[{"allowed":1}]})")
                          << u"permissions[0].allowed"_qs;
}

void TestValuesJson::wrongInputNamesItsPlace() {
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    const auto detail = fromJson<RolloutDetail>(QJsonDocument::fromJson(text).object());
    QVERIFY(!detail);
    QCOMPARE(detail.error().code, ErrorCode::Invalid);
    QCOMPARE(detail.error().where, place);
}

void TestValuesJson::brokenColumnsAreRefused_data() {
    QTest::addColumn<QByteArray>("targets");
    QTest::newRow("no count") << QByteArray(R"({"node":{"all":"a"}})");
    QTest::newRow("huge count") << QByteArray(R"({"columns":2000000000,"node":{"all":"a"}})");
    QTest::newRow("negative count") << QByteArray(R"({"columns":-1,"node":{"all":"a"}})");
    QTest::newRow("short column") << QByteArray(R"({"columns":2,"node":["a"]})");
    QTest::newRow("index outside")
        << QByteArray(R"({"columns":2,"node":{"words":["a"],"at":[0,1]}})");
    QTest::newRow("negative index")
        << QByteArray(R"({"columns":2,"node":{"words":["a"],"at":[0,-1]}})");
    QTest::newRow("index no number")
        << QByteArray(R"({"columns":2,"node":{"words":["a"],"at":[0,"0"]}})");
    QTest::newRow("few indices") << QByteArray(R"({"columns":2,"node":{"words":["a"],"at":[0]}})");
    QTest::newRow("wrong word") << QByteArray(R"({"columns":2,"phase":{"all":"asleep"}})");
}

void TestValuesJson::brokenColumnsAreRefused() {
    QFETCH(QByteArray, targets);
    const QByteArray text = "{\"targets\":" + targets + "}";
    const auto page = fromJson<TargetPage>(QJsonDocument::fromJson(text).object());
    QVERIFY(!page);
    QVERIFY2(page.error().where.startsWith(u"targets"), qPrintable(page.error().where));
}

void TestValuesJson::rowsWithoutAnIdGetOne() {
    QCOMPARE(toJson(detailOf(1)).value(u"id"_qs).toString(), u"01ARZ3NDEKTSV4RRFFQ69G5FAV"_qs);
    const WaitingRow hold{u"edge"_qs, u"checkout"_qs, u"R1"_qs, {}, u"promote"_qs, 0};
    const WaitingRow other{u"edge"_qs, u"checkout"_qs, u"R2"_qs, {}, u"promote"_qs, 0};
    QVERIFY(toJson(hold).value(u"id"_qs) != toJson(other).value(u"id"_qs));
}

void TestValuesJson::errorsTravelWithTheirRemedy() {
    const Error error{ErrorCode::Conflict, u"6 nodes went offline"_qs, u"eu-1"_qs, u"look"_qs};
    QCOMPARE(errorFromJson(toJson(error)), error);
    QCOMPARE(errorFromJson({}).code, ErrorCode::Internal);
}

void TestValuesJson::everyWordIsReadBack() {
    const auto readBack = []<class E>(E) {
        for (std::size_t i = 0; i < words<E>().size(); ++i) {
            QCOMPARE(fromWord<E>(wordOf(E(i))), std::optional(E(i)));
        }
    };
    readBack(kernel::Status());
    readBack(kernel::Phase());
    readBack(kernel::StrategyKind());
    readBack(kernel::Ruling());
    readBack(ClusterKind());
    readBack(Contact());
    readBack(AlertKind());
    readBack(SnapshotWord());
    readBack(GitStart());
    readBack(GitState());
    readBack(Signature());
    readBack(Drift());
    QCOMPARE(wordOf(kernel::Status::RolledBack), u"rolled_back"_qs);
    QCOMPARE(wordOf(kernel::StrategyKind::BlueGreen), u"blue-green"_qs);
}

QTEST_GUILESS_MAIN(TestValuesJson)
#include "test_valuesjson.moc"
