// SPDX-License-Identifier: GPL-3.0-or-later
// The whole story in the real window on a real Nomad: `NOMAD_ADDR=http://127.0.0.1:4646 ctest -R
// ui/journeys/nomadagent`; see tests/replay/realagent.h. Skipped without.
#include "tests/replay/realagent.h"
#include "tests/ui/journeys/nomadhouse.h"
#include "ui/shell/actiontable.h"

#include <QAbstractButton>
#include <QAction>
#include <QElapsedTimer>
#include <QTest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

class TestNomadAgent : public QObject {
    Q_OBJECT

    const QTemporaryDir folder_;
    std::unique_ptr<RealAgent> agent_;
    std::unique_ptr<NomadHouse> house_;

    WindowHouse &window() { return house_->window(); }
    void view(const char *action) { window().window().actions().action(action)->trigger(); }

    // The rollout to that version of the agent's job.
    const api::RolloutRow *rollout(const QString &version) {
        for (const api::RolloutRow &row : window().desk().rollouts()) {
            if (row.service == agent_->job() && row.to == version) {
                return &row;
            }
        }
        return nullptr;
    }
    bool reaches(const QString &version, Status status) {
        return window().until([&] {
            const api::RolloutRow *row = rollout(version);
            return row && row->status == status;
        });
    }
    // On the screen, as one opens it from the sidebar.
    bool open(const QString &version) {
        if (!window().until([&] { return rollout(version) != nullptr; })) {
            return false;
        }
        window().console().open(u"rollout:"_qs + rollout(version)->id);
        return window().until([&] { return window().console().choice().detail() != nullptr; });
    }
    // An action by its keys, confirmed, until it is applied.
    bool act(const char *action, const QString &said) {
        return window().askByKeys(action) && window().until([&] {
            const OutcomeLine line = window().outcome();
            return line.what.contains(said, Qt::CaseInsensitive) &&
                   line.outcome == api::Outcome::Applied;
        });
    }
    // From the form; the plan is read before it is confirmed.
    bool start(const QString &field, const QString &text, const QString &version) {
        const QAction *form = window().window().actions().action("service.start");
        const bool opened = window().until([&] { return form->isEnabled(); });
        view("service.start");
        const bool filled = opened && house_->type(field, text) &&
                            (field == u"File" || house_->type(u"Service"_qs, agent_->job()));
        window().press(Qt::Key_Return);
        return filled && window().untilSeen(u"Start a version of "_qs + agent_->job()) &&
               window().confirmByKeys() && window().until([&] {
                   return window().outcome().text.contains(u"it is version "_qs + version);
               });
    }
    QString file(bool works, const QString &name) {
        return written(folder_, u"job.json"_qs, agent_->file(works, name));
    }

private Q_SLOTS:
    void initTestCase() {
        if (!RealAgent::isNamed()) {
            QSKIP("NOMAD_ADDR names no agent");
        }
        agent_ = std::make_unique<RealAgent>();
        QVERIFY2(agent_->meet(), "the agent has no node");
        house_ = std::make_unique<NomadHouse>();
        QVERIFY(house_->open());
    }
    void cleanupTestCase() {
        agent_.reset();
        house_.reset();
    }

    void itIsConnectedAndItsNodesAreSeen() {
        QVERIFY2(house_->connectCluster(agent_->address(), agent_->nodes()), window().story());
        view("view.fleet");
        QVERIFY2(window().untilSeen(agent_->node()), window().story());
        QVERIFY2(act("cluster.lock", u"unlock"_qs), window().story());
    }
    void aNewServiceIsStartedFromAFile() {
        QVERIFY2(start(u"File"_qs, file(true, u"1"_qs), u"0"_qs), window().story());
        QVERIFY2(reaches(u"0"_qs, Status::Completed), window().story());
    }
    void theNextVersionIsRehearsed() {
        view("service.start");
        QVERIFY(house_->type(u"Service"_qs, agent_->job()));
        window().button(u"Rehearse"_qs)->click();
        QVERIFY2(window().untilSeen(agent_->job() + u" 1 on edge, as it rolls it out"_qs),
                 window().story());
        QVERIFY2(window().untilSeen(u"starts that the cluster remembers"_qs), window().story());
    }
    void aVersionWithCanariesWaitsAndIsPromoted() {
        QVERIFY2(start(u"Variables"_qs, u"APP_VERSION=2"_qs, u"1"_qs), window().story());
        QVERIFY2(reaches(u"1"_qs, Status::Waiting), window().story());
        view("view.waiting");
        QVERIFY2(window().untilSeen(agent_->job() + u" 1 waits for promotion"_qs),
                 window().story());
        QVERIFY(open(u"1"_qs));
        QVERIFY2(act("rollout.promote", u"promote"_qs), window().story());
        QVERIFY2(reaches(u"1"_qs, Status::Completed), window().story());
        QVERIFY2(window().untilSeen(u"Deployment completed successfully"_qs), window().story());
    }
    void aVersionThatFailsIsTakenBackByTheCluster() {
        QVERIFY2(start(u"File"_qs, file(false, u"3"_qs), u"2"_qs), window().story());
        QVERIFY2(reaches(u"2"_qs, Status::Failed), window().story());
        QVERIFY2(reaches(u"3"_qs, Status::Completed), window().story());
        QVERIFY(open(u"2"_qs));
        QVERIFY2(window().untilSeen(u"rolling back to job version 1"_qs), window().story());
    }
    void aRolloutIsPausedAndGoesOn() {
        QVERIFY2(start(u"Variables"_qs, u"APP_VERSION=4"_qs, u"4"_qs), window().story());
        QVERIFY2(reaches(u"4"_qs, Status::Waiting), window().story());
        QVERIFY(open(u"4"_qs));
        QVERIFY2(act("rollout.pause", u"pause"_qs), window().story());
        QVERIFY2(reaches(u"4"_qs, Status::Paused), window().story());
        QVERIFY2(act("rollout.resume", u"resume"_qs), window().story());
        QVERIFY2(reaches(u"4"_qs, Status::Waiting), window().story());
        QVERIFY2(act("rollout.promote", u"promote"_qs), window().story());
        QVERIFY2(reaches(u"4"_qs, Status::Completed), window().story());
    }
    // Nomad runs its canaries again for it, and waits for them to be promoted.
    void theFirstVersionIsBroughtBack() {
        QVERIFY(open(u"4"_qs));
        QVERIFY2(house_->chooseWayBack(u"3"_qs, u"0"_qs), window().story());
        QVERIFY2(window().untilSeen(u"its canaries run again and wait for promotion"_qs),
                 window().story());
        QVERIFY2(window().confirmByKeys(), window().story());
        QVERIFY2(reaches(u"5"_qs, Status::Waiting), window().story());
        QVERIFY(open(u"5"_qs));
        QVERIFY2(act("rollout.promote", u"promote"_qs), window().story());
        QVERIFY2(reaches(u"5"_qs, Status::Completed), window().story());
    }
    void whatSomebodyElseDoesIsSeen() {
        view("view.history");
        agent_->ask("PUT", u"/v1/jobs"_qs,
                    {{u"Job"_qs, agent_->version(true, u"7"_qs, RealAgent::instances + 1)}});
        QElapsedTimer since;
        since.start();
        QVERIFY2(window().until([this] { return rollout(u"6"_qs) != nullptr; }), window().story());
        qInfo("a change by somebody else was in the window after %lld ms", since.elapsed());
    }
    void aNodeIsDrainedAndGivenBack() {
        view("view.fleet");
        QVERIFY2(house_->chooseNode(agent_->node()), window().story());
        QVERIFY2(act("node.drain", u"drain"_qs), window().story());
        QVERIFY2(window().untilSeen(u"draining"_qs), window().story());
        QVERIFY2(act("node.drain", u"drain"_qs), window().story());
        QVERIFY2(window().until([this] { return !window().sees(u"draining"_qs); }),
                 window().story());
    }
};

QTEST_MAIN(TestNomadAgent)
#include "test_nomadagent.moc"
