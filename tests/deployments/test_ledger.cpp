// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/ledger.h"

#include <QJsonArray>
#include <QTest>

#include <rapidcheck.h>

using namespace aviary;
using kernel::Status;

namespace {

// Opens records and ends them, with times that rise by one.
class Story {
public:
    QString open(const QString &key, const QString &content, Purpose purpose = Purpose::Deploy,
                 const QString &revision = {}) {
        DeploymentOpened event;
        event.key = key;
        event.version = ledger.nextVersion(key);
        event.id = QStringLiteral("dep_%1_%2").arg(key).arg(event.version);
        event.revision = revision.isEmpty() ? QStringLiteral("v%1").arg(event.version) : revision;
        event.source = ledger.running(key);
        event.purpose = purpose;
        event.manifest = content.toUtf8();
        event.fingerprint = u"sha256:" + content;
        event.who = u"ana"_qs;
        event.why = u"release "_qs + content;
        event.wall_ms = ++now;
        tell(event);
        return event.id;
    }
    void move(const QString &id, Status status, const QString &text = {}) {
        tell(DeploymentMoved{id, status, text, u"engine"_qs, ++now});
    }
    QString deploy(const QString &key, const QString &content, Status end = Status::Completed) {
        const QString id = open(key, content);
        move(id, Status::InProgress);
        move(id, end, u"ended"_qs);
        return id;
    }
    // A rollout that goes back by itself ends, and a second record tells what runs again.
    void deployAndUndo(const QString &key, const QString &content) {
        const QString back = ledger.running(key);
        const auto first = QString::fromUtf8(ledger.findRevision(key, back)->opened.manifest);
        deploy(key, content, Status::RolledBack);
        move(open(key, first, Purpose::WayBack, back), Status::Completed);
    }
    void tell(const DeploymentEvent &event) {
        const auto folded = ledger.fold(event);
        QVERIFY2(folded, qPrintable(folded ? QString() : toText(folded.error())));
        told.push_back(event);
    }

    Ledger ledger;
    std::vector<DeploymentEvent> told;
    qint64 now = 1'000;
};

QString chosen(const Ledger &ledger, const WayBackChoice &choice = {}) {
    const auto way = ledger.wayBack(u"shop"_qs, choice);
    return way ? way->record->opened.revision : u"none: "_qs + way.error().what;
}

DeploymentOpened opened(const QString &id, quint32 version, const QString &revision) {
    DeploymentOpened event;
    event.id = id;
    event.key = u"shop"_qs;
    event.version = version;
    event.revision = revision;
    return event;
}

} // namespace

class TestLedger : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersVersionsOnce() {
        Story story;
        story.deploy(u"shop"_qs, u"a"_qs);
        story.deploy(u"shop"_qs, u"b"_qs, Status::Failed);
        story.deploy(u"shop"_qs, u"c"_qs);
        const auto &history = story.ledger.history(u"shop"_qs);
        QCOMPARE(history.size(), 3U);
        QCOMPARE(history[1].opened.version, 2U);
        QCOMPARE(history[1].status, Status::Failed);
        QCOMPARE(story.ledger.nextVersion(u"shop"_qs), 4U);
        QCOMPARE(story.ledger.nextVersion(u"other"_qs), 1U);
    }

    void refusesWhatCannotBe() {
        Story story;
        const QString id = story.deploy(u"shop"_qs, u"a"_qs);
        DeploymentOpened blank = opened(u"x"_qs, 1, u"v1"_qs);
        blank.key = u"  "_qs;
        const std::vector<std::pair<DeploymentEvent, ErrorCode>> cases = {
            {opened(u"x"_qs, 1, u"v2"_qs), ErrorCode::Conflict}, // the number was used
            {opened(u"x"_qs, 3, u"v3"_qs), ErrorCode::Conflict}, // one is left out
            {opened(id, 2, u"v2"_qs), ErrorCode::Conflict},      // the id was used
            {opened(u"x"_qs, 2, u"v1"_qs), ErrorCode::Conflict}, // v1 has other content
            {blank, ErrorCode::Invalid},
            {DeploymentMoved{u"nobody"_qs, Status::Failed, {}, {}, 0}, ErrorCode::NotFound},
            {DeploymentMoved{id, Status::Failed, {}, {}, 0}, ErrorCode::Refused}, // it ended
            {VersionTagged{u"shop"_qs, 2, u"t"_qs, true, {}, 0}, ErrorCode::NotFound},
            {VersionTagged{u"shop"_qs, 1, u" "_qs, true, {}, 0}, ErrorCode::Invalid},
            {RevisionMarked{u"shop"_qs, u"v9"_qs, true, {}, {}, 0}, ErrorCode::NotFound},
            {RecordsCompacted{u"none"_qs, 1, 1, 0}, ErrorCode::NotFound},
        };
        const Ledger before = story.ledger;
        for (const auto &[event, code] : cases) {
            const auto folded = story.ledger.fold(event);
            QVERIFY(!folded);
            QVERIFY2(folded.error().code == code, qPrintable(toText(folded.error())));
            QVERIFY(story.ledger == before);
        }
    }

    void tellsWhatRuns() {
        Story story;
        Ledger &ledger = story.ledger;
        QVERIFY(ledger.running(u"shop"_qs).isEmpty());
        story.deploy(u"shop"_qs, u"a"_qs);
        const QString second = story.open(u"shop"_qs, u"b"_qs);
        QCOMPARE(ledger.running(u"shop"_qs), u"v1"); // nothing was ordered yet
        story.move(second, Status::Waiting);
        QCOMPARE(ledger.running(u"shop"_qs), u"v2");
        QCOMPARE(ledger.stable(u"shop"_qs)->opened.revision, u"v1");
        QCOMPARE(ledger.active(u"shop"_qs)->opened.id, second);
        story.move(second, Status::Failed);
        QCOMPARE(ledger.running(u"shop"_qs), u"v2"); // it stands where it ended
        QVERIFY(ledger.active(u"shop"_qs) == nullptr);
    }

    void anUndoneRolloutLeavesTwoRecords() {
        Story story;
        story.deploy(u"shop"_qs, u"a"_qs);
        story.deployAndUndo(u"shop"_qs, u"b"_qs);
        const auto &last = story.ledger.history(u"shop"_qs).back();
        QCOMPARE(last.opened.version, 3U);
        QCOMPARE(last.opened.revision, u"v1");
        QCOMPARE(story.ledger.running(u"shop"_qs), u"v1");
        QVERIFY(!story.ledger.findVersion(u"shop"_qs, 2)->stable);
    }

    void goesBackToTheNewestStableOther() {
        Story story;
        QCOMPARE(chosen(story.ledger), u"none: deployment shop was not found");
        story.deploy(u"shop"_qs, u"a"_qs);
        QCOMPARE(chosen(story.ledger), u"none: no rollback target found for deployment shop");
        story.deploy(u"shop"_qs, u"b"_qs);
        QCOMPARE(chosen(story.ledger), u"v1");
        story.deploy(u"shop"_qs, u"c"_qs, Status::Failed);
        QCOMPARE(chosen(story.ledger), u"v2"); // what ran before the failure, not one further
        story.move(story.open(u"shop"_qs, u"b"_qs, Purpose::WayBack, u"v2"_qs), Status::Completed);
        QCOMPARE(chosen(story.ledger), u"v1"); // v2 runs again, under version 4
    }

    void doesNotSkipWhatRunsDuringACanary() {
        Story story;
        story.deploy(u"shop"_qs, u"a"_qs);
        story.move(story.open(u"shop"_qs, u"b"_qs), Status::Waiting);
        QCOMPARE(chosen(story.ledger), u"v1");
    }

    void leavesBadRevisionsOutUnlessNamed() {
        Story story;
        for (const auto &content : {u"a"_qs, u"b"_qs, u"c"_qs}) {
            story.deploy(u"shop"_qs, content);
        }
        story.tell(
            RevisionMarked{u"shop"_qs, u"v2"_qs, true, u"ana"_qs, u"loses orders"_qs, ++story.now});
        QCOMPARE(chosen(story.ledger), u"v1");
        const auto named = story.ledger.wayBack(u"shop"_qs, {u"2"_qs, {}});
        QCOMPARE(named->warnings, QStringList{u"v2 is marked bad by ana: loses orders"_qs});
        story.tell(RevisionMarked{u"shop"_qs, u"v2"_qs, false, u"ana"_qs, {}, ++story.now});
        QCOMPARE(chosen(story.ledger), u"v2");
        QVERIFY(story.ledger.badMark(u"shop"_qs, u"v2"_qs) == nullptr);
    }

    void goesBackToWhatIsNamed() {
        Story story;
        story.deploy(u"shop"_qs, u"a"_qs);
        story.deploy(u"shop"_qs, u"b"_qs, Status::Failed);
        story.deploy(u"shop"_qs, u"c"_qs);
        story.tell(VersionTagged{u"shop"_qs, 1, u"good"_qs, true, u"ana"_qs, ++story.now});
        QCOMPARE(chosen(story.ledger, {u"1"_qs, {}}), u"v1");
        QCOMPARE(chosen(story.ledger, {u"v1"_qs, {}}), u"v1"); // a revision's name
        QCOMPARE(chosen(story.ledger, {{}, u"good"_qs}), u"v1");
        QCOMPARE(chosen(story.ledger, {u"1"_qs, u"good"_qs}), u"v1");
        QVERIFY(chosen(story.ledger, {u"2"_qs, u"good"_qs}).startsWith(u"none"));
        QVERIFY(chosen(story.ledger, {u"01"_qs, {}}).startsWith(u"none"));
        QCOMPARE(story.ledger.wayBack(u"shop"_qs, {u"2"_qs, {}})->warnings,
                 QStringList{u"version 2 never completed"_qs});
    }

    void aTagNamesOneVersion() {
        Story story;
        story.deploy(u"shop"_qs, u"a"_qs);
        story.deploy(u"shop"_qs, u"b"_qs);
        story.tell(VersionTagged{u"shop"_qs, 1, u"good"_qs, true, u"ana"_qs, ++story.now});
        story.tell(VersionTagged{u"shop"_qs, 2, u"good"_qs, true, u"ana"_qs, ++story.now});
        QVERIFY(story.ledger.findVersion(u"shop"_qs, 1)->tags.isEmpty());
        QCOMPARE(story.ledger.findVersion(u"shop"_qs, 2)->tags, QStringList{u"good"_qs});
    }

    void knowsThatNothingWouldChange() {
        Story story;
        const auto same = [&](const char *content, JobType type = JobType::Service) {
            return story.ledger.changesNothing(u"shop"_qs, u"sha256:" + QString::fromUtf8(content),
                                               type);
        };
        QVERIFY(!same("a"));
        story.deploy(u"shop"_qs, u"a"_qs);
        QVERIFY(same("a"));
        QVERIFY(!same("b"));
        QVERIFY(!same("a", JobType::Batch));
        const QString second = story.open(u"shop"_qs, u"b"_qs);
        story.move(second, Status::InProgress);
        QVERIFY(!same("b")); // half of it runs
        QVERIFY(!same("a"));
        story.move(second, Status::Failed);
        QVERIFY(!same("b"));
        QVERIFY(!same("a"));
    }

    void rerunsReplaceNothing() {
        Story story;
        story.deploy(u"report"_qs, u"a"_qs);
        story.move(story.open(u"report"_qs, u"a"_qs, Purpose::Rerun), Status::Completed);
        QCOMPARE(story.ledger.running(u"report"_qs), u"v1");
        QCOMPARE(story.ledger.stable(u"report"_qs)->opened.version, 1U);
    }

    void findsByIdAndKey() {
        Story story;
        const QString first = story.deploy(u"shop"_qs, u"a"_qs);
        const QString second = story.deploy(u"shop"_qs, u"b"_qs);
        QCOMPARE(story.ledger.findIdOrKey(first)->opened.version, 1U);
        QCOMPARE(story.ledger.findIdOrKey(u"shop"_qs)->opened.id, second);
        QVERIFY(story.ledger.findIdOrKey(u"nobody"_qs) == nullptr);
        QCOMPARE(story.ledger.all().front()->opened.id, second);
    }

    void sumsUp() {
        Story story;
        story.deploy(u"web"_qs, u"a"_qs);
        story.deploy(u"api"_qs, u"a"_qs);
        story.deployAndUndo(u"api"_qs, u"b"_qs);
        story.deploy(u"gone"_qs, u"a"_qs, Status::RolledBack);
        const LedgerSummary summary = story.ledger.summary();
        QCOMPARE(summary.total, 5U);
        QCOMPARE(summary.by_status.at(Status::Completed), 3U);
        QCOMPARE(summary.by_status.at(Status::RolledBack), 2U);
        QCOMPARE(summary.active_services, (QStringList{u"web"_qs, u"api"_qs}));
    }

    void compactionLosesNoAnswer() {
        Story story;
        for (int i = 0; i < 12; ++i) {
            story.deploy(u"shop"_qs, QString::number(i),
                         i % 3 == 2 ? Status::Failed : Status::Completed);
        }
        story.tell(VersionTagged{u"shop"_qs, 1, u"first"_qs, true, u"ana"_qs, ++story.now});
        const Ledger before = story.ledger;
        const auto event = story.ledger.compaction(u"shop"_qs, 4, ++story.now);
        QVERIFY(event.has_value());
        story.tell(*event);
        QVERIFY(!story.ledger.compaction(u"shop"_qs, 4, ++story.now));
        for (quint32 version = 1; version <= 12; ++version) {
            const auto *now = story.ledger.findVersion(u"shop"_qs, version);
            const auto *then = before.findVersion(u"shop"_qs, version);
            QCOMPARE(now->opened.who, then->opened.who);
            QCOMPARE(now->opened.why, then->opened.why);
            QCOMPARE(now->outcome, then->outcome);
            QCOMPARE(now->ended_by, u"engine");
            QCOMPARE(now->opened.fingerprint, then->opened.fingerprint);
            QCOMPARE(now->ended_wall_ms, then->ended_wall_ms);
            QCOMPARE(now->lines.empty(), version <= 8);
        }
        QVERIFY(!story.ledger.findVersion(u"shop"_qs, 1)->compacted); // tagged
        QVERIFY(story.ledger.findVersion(u"shop"_qs, 2)->compacted);
        QCOMPARE(chosen(story.ledger), chosen(before));
        const auto gone = story.ledger.wayBack(u"shop"_qs, {u"2"_qs, {}});
        QVERIFY(!gone);
        QCOMPARE(gone.error().code, ErrorCode::Refused);
    }

    void boundsTheLinesOfARecord() {
        Story story;
        const QString id = story.open(u"shop"_qs, u"a"_qs);
        for (int i = 0; i < 1'500; ++i) {
            story.tell(DeploymentNoted{id, u"seen"_qs, QString::number(i), {}, ++story.now});
        }
        const auto *record = story.ledger.find(id);
        QCOMPARE(record->lines.size(), std::size_t{Ledger::lines_max});
        QCOMPARE(record->lines_left_out, 501U);
        QCOMPARE(record->lines.front().what, u"opened");
        QCOMPARE(record->lines.back().text, u"1499");
    }

    void readsTheWordsOfTheReferences() {
        QCOMPARE(statusFrom(u"successful"), Status::Completed);
        QCOMPARE(statusFrom(u"version_recorded"), Status::Completed);
        QCOMPARE(statusFrom(u"awaiting_promotion"), Status::Waiting);
        QCOMPARE(statusFrom(u"executing"), Status::InProgress);
        QCOMPARE(statusFrom(u"rolled_back"), Status::RolledBack);
        QVERIFY(!statusFrom(u"fine"));
    }

    // Whatever is told, a ledger that is folded from the stored text is the same.
    void comesBackFromItsEvents() {
        const bool held = rc::check([] {
            Story story;
            const int moves = *rc::gen::inRange(1, 25);
            for (int i = 0; i < moves; ++i) {
                const QString key = *rc::gen::element(u"a"_qs, u"b"_qs);
                const QString content = *rc::gen::element(u"1"_qs, u"2"_qs, u"\u00fc\n\""_qs);
                const auto end = *rc::gen::element(Status::Completed, Status::Failed,
                                                   Status::RolledBack, Status::Superseded);
                const QString id = story.deploy(key, content, end);
                story.tell(DeploymentHealthSeen{id, 1, 2, 3, u"h"_qs, ++story.now});
                if (*rc::gen::arbitrary<bool>()) {
                    const auto version = story.ledger.nextVersion(key) - 1;
                    story.tell(VersionTagged{key, version, u"t"_qs, true, {}, ++story.now});
                }
                if (const auto event = story.ledger.compaction(key, 3, ++story.now)) {
                    story.tell(*event);
                }
            }
            Ledger again;
            for (const auto &event : story.told) {
                const auto read = deploymentEventFrom(toJson(event));
                RC_ASSERT(read.has_value());
                RC_ASSERT(*read == event);
                RC_ASSERT(again.fold(*read).has_value());
            }
            RC_ASSERT(again == story.ledger);
        });
        QVERIFY(held);
    }

    void refusesDamagedEvents() {
        const QJsonObject good = toJson(DeploymentMoved{u"x"_qs, Status::Failed, {}, {}, 5});
        QVERIFY(deploymentEventFrom(good));
        for (const QString &name : good.keys()) {
            QJsonObject bad = good;
            bad[name] = QJsonArray{1.5};
            QVERIFY2(!deploymentEventFrom(bad), qPrintable(name));
            bad.remove(name);
            QVERIFY2(!deploymentEventFrom(bad), qPrintable(name));
        }
    }
};

QTEST_GUILESS_MAIN(TestLedger)
#include "test_ledger.moc"
