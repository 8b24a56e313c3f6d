// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/inprocesssession.h"
#include "core/api/valuesjson.h"
#include "core/travel/document.h"
#include "tests/core/travel/recorded.h"

#include <QBuffer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace aviary;
using namespace aviary::travel;
using namespace Qt::Literals;

namespace {

std::shared_ptr<RecordedRun> recorded(record::Run run) {
    auto read = RecordedRun::of(std::move(run));
    if (!read) {
        qFatal("%s", qPrintable(toText(read.error())));
    }
    return *read;
}

// What a client that heard every change holds of a topic.
class Listener : public QObject {
public:
    Listener(TravelProvider &provider, const QString &topic) : topic_(topic) {
        const auto whole = provider.whole(topic);
        if (!whole) {
            qFatal("%s", qPrintable(toText(whole.error())));
        }
        take(*whole);
        connect(&provider, &api::Provider::changed, this,
                [this](const QString &changed, const QJsonObject &change) {
                    if (changed == topic_) {
                        take(change);
                    }
                });
    }
    QMap<QString, QJsonObject> rows;
    int changes = 0;

private:
    void take(const QJsonObject &change) {
        ++changes;
        for (const QJsonValue &row : change[u"rows"].toArray()) {
            rows.insert(row[u"id"].toString(), row.toObject());
        }
        for (const QJsonValue &id : change[u"gone"].toArray()) {
            rows.remove(id.toString());
        }
    }
    QString topic_;
};

QMap<QString, QJsonObject> rowsOf(TravelProvider &provider, const QString &topic) {
    Listener once(provider, topic);
    return once.rows;
}

Result<QJsonObject> ask(TravelProvider &provider, const QString &verb,
                        const QJsonObject &parameters) {
    Result<QJsonObject> got = fail(ErrorCode::Internal, u"no answer"_qs);
    provider.handle({}, verb, parameters, [&got](const auto &answer) { got = answer; });
    return got;
}

} // namespace

class TestTravel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anInstantIsWhatTheDaemonToldThen();
    void everyTopicFollowsThereAndBack();
    void differencesAloneAreTold();
    void theFleetShowsWhatServesThen();
    void aDeploymentThatWasNotThereIsNotShown();
    void nothingCanBeAsked();
    void aRunIsShownAsFarAsItIsSound();
    void documentsOpenWithoutADaemon();
    void wrongDocumentsNameThePlace_data();
    void wrongDocumentsNameThePlace();
    void aRunThatIsExportedOpensAgain();
};

// Against the same world, told step by step as the orchestrator does.
void TestTravel::anInstantIsWhatTheDaemonToldThen() {
    const record::Run run = tests::recordedRun(12, 3, 300);
    const auto seen = recorded(run);
    kernel::State state = kernel::begin(run.header.plan);
    api::StepClock clock;
    std::vector<api::Happening> told;
    api::Narrator narrator(run.header.plan);
    std::mt19937_64 chance(5);
    for (const record::SealedEntry &sealed : run.entries) {
        const record::Entry entry = *record::decodeEntry(sealed.bytes);
        QVERIFY(record::apply(run.header.plan, state, sealed.bytes));
        for (const kernel::Command &command : entry.log.commands) {
            clock.note(command, entry.at);
        }
        for (api::Happening &line : narrator.tell(entry)) {
            told.push_back(std::move(line));
        }
        if (chance() % 5 != 0) {
            continue;
        }
        QVERIFY(seen->goToEntry(entry.sequence));
        const api::RolloutDetail detail = seen->detail(u"past"_qs);
        api::RolloutRow row = detail.row;
        api::fillRow(row, run.header.plan, state);
        QCOMPARE(detail.row, row);
        QCOMPARE(detail.steps, api::stepRows(run.header.plan, state, clock));
        QCOMPARE(detail.targets, api::targetRows(run.header.plan, state, 0, 4'096));
        QCOMPARE(detail.why, api::whyOf(run.header.plan, state));
        QCOMPARE(detail.happenings.size(), std::min<std::size_t>(200, told.size()));
        if (!told.empty()) {
            QCOMPARE(detail.happenings.front(), told.back());
        }
        for (const api::Permission &permission : detail.permissions) {
            QVERIFY(!permission.allowed);
            QCOMPARE(permission.reason, u"past"_qs);
        }
    }
}

void TestTravel::everyTopicFollowsThereAndBack() {
    Archive archive;
    TravelProvider provider(archive);
    provider.addRun(recorded(tests::recordedRun(40, 7, 600)));
    provider.addRun(recorded(tests::recordedRun(25, 8, 400, u"R2"_qs)));
    const qint64 end = provider.runs().front()->endWallMs();
    QVERIFY(provider.goTo(end));
    const QStringList topics{u"clusters"_qs,   u"rollouts"_qs,   u"waiting"_qs,      u"daemon"_qs,
                             u"rollout:R1"_qs, u"rollout:R2"_qs, u"fleet:edge-eu"_qs};
    std::vector<std::unique_ptr<Listener>> listeners;
    for (const QString &topic : topics) {
        listeners.push_back(std::make_unique<Listener>(provider, topic));
    }
    std::mt19937_64 chance(1);
    const qint64 span = end - tests::world_begin_wall_ms;
    for (int i = 0; i < 40; ++i) {
        QVERIFY(provider.goTo(tests::world_begin_wall_ms +
                              static_cast<qint64>(chance() % static_cast<quint64>(span + 1))));
        for (int t = 0; t < topics.size(); ++t) {
            QCOMPARE(listeners[static_cast<std::size_t>(t)]->rows, rowsOf(provider, topics[t]));
        }
    }
    QVERIFY(provider.goTo(tests::world_begin_wall_ms - 1));
    QVERIFY(listeners[1]->rows.isEmpty()); // no rollout had begun
    QVERIFY(listeners[4]->rows.isEmpty());
}

void TestTravel::differencesAloneAreTold() {
    TravelProvider provider({});
    provider.addRun(recorded(tests::recordedRun(500, 2, 500)));
    const auto &walls = provider.runs().front()->entryWallsMs();
    QVERIFY(provider.goTo(walls[200]));
    Listener fleet(provider, u"fleet:edge-eu"_qs);
    Listener detail(provider, u"rollout:R1"_qs);
    const int before = detail.changes;
    QSignalSpy told(&provider, &api::Provider::changed);
    QVERIFY(provider.goTo(walls[200]));
    QCOMPARE(told.size(), 0); // the same instant again: nothing to tell
    QVERIFY(provider.goTo(walls[210]));
    QVERIFY(detail.changes > before);
    for (const auto &signal : told) {
        if (signal[0].toString() == u"fleet:edge-eu"_qs) {
            QVERIFY(signal[1].toJsonObject()[u"rows"].toArray().size() < 100);
        }
    }
}

void TestTravel::theFleetShowsWhatServesThen() {
    TravelProvider provider({});
    provider.addRun(recorded(tests::recordedRun(12, 3, 300)));
    const auto nodes = [&provider] {
        std::map<QString, api::NodeRow> rows;
        for (const QJsonObject &row : rowsOf(provider, u"fleet:edge-eu"_qs)) {
            const auto node = api::fromJson<api::NodeRow>(row);
            rows.emplace(node->id, *node);
        }
        return rows;
    };
    QVERIFY(provider.goTo(tests::world_begin_wall_ms - 1));
    for (const auto &[id, node] : nodes()) {
        QCOMPARE(node.services.size(), 1u);
        QCOMPARE(node.services[0].revision, u"v41"_qs); // what it ran when the plan was made
    }
    const RecordedRun *run = provider.run(u"R1"_qs);
    int fresh = 0;
    for (const qint64 wall : run->entryWallsMs()) {
        QVERIFY(provider.goTo(wall));
        const auto rows = nodes();
        for (kernel::TargetIndex i = 0; i < run->plan().targets.size(); ++i) {
            const kernel::Cell &cell = run->state().cells[i];
            const api::NodeRow &node = rows.at(api::text(run->plan().targets[i].node));
            QCOMPARE(node.status, cell.status);
            QCOMPARE(node.flags.any(), bool(cell.flagged));
            const bool serves = std::ranges::any_of(node.services, [](const auto &service) {
                return service.revision == u"v42"_qs && service.ready;
            });
            QCOMPARE(serves, cell.ready && cell.status == kernel::NodeStatus::Online);
            fresh += serves;
        }
    }
    QVERIFY(fresh > 0);
}

void TestTravel::aDeploymentThatWasNotThereIsNotShown() {
    Archive archive;
    api::DeploymentRow early;
    early.id = u"early"_qs;
    early.key = u"gateway"_qs;
    early.status = kernel::Status::RolledBack;
    early.outcome = u"errors 2 %"_qs;
    early.started_wall_ms = 1'000;
    early.ended_wall_ms = 2'000;
    archive.deployments = {early};
    TravelProvider provider(archive);
    const auto rowThen = [&provider](qint64 wall_ms) {
        if (!provider.goTo(wall_ms)) {
            qFatal("there is no such instant");
        }
        const auto rows = rowsOf(provider, u"deployments"_qs);
        return rows.isEmpty() ? std::nullopt
                              : std::optional(*api::fromJson<api::DeploymentRow>(rows.first()));
    };
    QVERIFY(!rowThen(999));
    QCOMPARE(rowThen(1'500)->status, kernel::Status::InProgress);
    QCOMPARE(rowThen(1'500)->outcome, QString()); // nobody knew it yet
    QCOMPARE(rowThen(2'000)->status, kernel::Status::RolledBack);
    QCOMPARE(rowThen(2'000)->outcome, u"errors 2 %"_qs);
}

void TestTravel::nothingCanBeAsked() {
    TravelProvider provider({});
    provider.addRun(recorded(tests::recordedRun(12, 3, 100)));
    QVERIFY(provider.goTo(provider.runs().front()->endWallMs()));
    for (const QString &verb :
         {u"request"_qs, u"deploy"_qs, u"node.flag"_qs, u"cluster.add"_qs, u"cluster.lock"_qs,
          u"catch_up"_qs, u"deployment.tag"_qs, u"daemon.stop"_qs, u"effect"_qs, u"nonsense"_qs}) {
        const auto answer = ask(provider, verb, {{u"rollout"_qs, u"R1"_qs}});
        QVERIFY2(!answer, qPrintable(verb));
        QCOMPARE(answer.error().code, ErrorCode::Refused);
        QVERIFY(!answer.error().remedy.isEmpty());
    }
    QVERIFY(ask(provider, u"rollout.get"_qs, {{u"rollout"_qs, u"R1"_qs}}));
}

void TestTravel::aRunIsShownAsFarAsItIsSound() {
    record::Run run = tests::recordedRun(12, 3, 50);
    record::Run forged = record::beginRun(run.header);
    for (const record::SealedEntry &sealed : run.entries) {
        record::Entry entry = *record::decodeEntry(sealed.bytes);
        entry.state_hash += entry.sequence == 31;
        QVERIFY(record::addEntry(forged, entry));
    }
    const auto seen = recorded(forged);
    QCOMPARE(seen->entries(), 30u);
    QCOMPARE(seen->warnings().size(), 1);
    QVERIFY2(seen->warnings()[0].contains(u"31"), qPrintable(seen->warnings()[0]));
}

void TestTravel::documentsOpenWithoutADaemon() {
    QTemporaryDir folder;
    const auto path = [&folder](const QString &name) { return folder.filePath(name); };
    QVERIFY(record::saveRun(path(u"a.run.jsonl"_qs), tests::recordedRun(12, 3, 100)));
    QFile fleet(path(u"b.fleet.json"_qs));
    QVERIFY(fleet.open(QIODevice::WriteOnly));
    fleet.write(
        R"({"format": "aviary-fleet/1", "cluster": "depot-3", "taken_wall_ms": 1790000000000,
      "nodes": [{"id": "d1", "site": "north", "revisions": {"shop": "v3"}}]})");
    fleet.close();
    QFile plan(path(u"c.plan.yaml"_qs));
    QVERIFY(plan.open(QIODevice::WriteOnly));
    plan.write("format: aviary-plan/1\nservice: shop\nto: v4\nstages: oops\n");
    plan.close();

    const auto run = openDocument(path(u"a.run.jsonl"_qs));
    QVERIFY(run);
    const auto of_run = providerOf(*run);
    QCOMPARE(rowsOf(*of_run, u"rollouts"_qs).size(), 1);
    QCOMPARE(rowsOf(*of_run, u"deployments"_qs).size(), 1);
    QCOMPARE(rowsOf(*of_run, u"fleet:edge-eu"_qs).size(), 12);
    const auto asked = ask(*of_run, u"request"_qs, {});
    QVERIFY(!asked && asked.error().what.contains(u"a.run.jsonl"));

    const auto nodes = openDocument(path(u"b.fleet.json"_qs));
    QVERIFY(nodes);
    const auto of_fleet = providerOf(*nodes);
    const auto rows = rowsOf(*of_fleet, u"fleet:depot-3"_qs);
    QCOMPARE(api::fromJson<api::NodeRow>(rows[u"d1"_qs])->services[0].revision, u"v3"_qs);

    const auto flawed = openDocument(path(u"c.plan.yaml"_qs));
    QVERIFY(flawed); // to be mended
    QVERIFY(!std::get<PlanDocument>(flawed->content).reading.flaws.empty());
}

void TestTravel::wrongDocumentsNameThePlace_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("cut run") << u"a.run.jsonl"_qs << QByteArray("{\"format\":");
    QTest::addRow("empty run") << u"a.run.jsonl"_qs << QByteArray();
    QTest::addRow("wrong fleet") << u"a.fleet.json"_qs << QByteArray("{\"nodes\": 7}");
    QTest::addRow("other kind") << u"a.png"_qs << QByteArray("x");
}
void TestTravel::wrongDocumentsNameThePlace() {
    QFETCH(QString, name);
    QFETCH(QByteArray, text);
    QTemporaryDir folder;
    QFile file(folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    const auto document = openDocument(file.fileName());
    QVERIFY(!document);
    QVERIFY2(toText(document.error()).contains(name), qPrintable(toText(document.error())));
    QVERIFY(!openDocument(folder.filePath(u"absent.run.jsonl"_qs)));
}

void TestTravel::aRunThatIsExportedOpensAgain() {
    const record::Run run = tests::recordedRun(12, 3, 100);
    TravelProvider provider({});
    provider.addRun(recorded(run));
    QVERIFY(provider.goTo(provider.runs().front()->endWallMs()));
    const auto answer = ask(provider, u"run.export"_qs, {{u"rollout"_qs, u"R1"_qs}});
    QVERIFY(answer);
    QByteArray lines = (*answer)[u"jsonl"].toString().toUtf8();
    QBuffer device(&lines);
    device.open(QIODevice::ReadOnly);
    const auto again = record::readRun(device, u"export"_qs);
    QVERIFY(again);
    QCOMPARE(again->head(), run.head());
    QCOMPARE(again->warnings, QStringList());
}

QTEST_GUILESS_MAIN(TestTravel)
#include "test_travel.moc"
