// SPDX-License-Identifier: GPL-3.0-or-later
// Nomad in the real window: connected by the form, its deployments watched, promoted, paused and
// resumed. Nomad is played from recordings of a real one.
#include "tests/ui/journeys/nomadhouse.h"
#include "ui/shell/actiontable.h"

#include <QAbstractButton>
#include <QAction>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

namespace {

const QByteArray canary = "e3e46729-a191-8226-2431-f069f44957ba";
const QByteArray fourth = "44444444-a191-8226-2431-f069f44957ba";

} // namespace

class TestNomad : public QObject {
    Q_OBJECT

    std::unique_ptr<NomadHouse> house_;

    WindowHouse &window() { return house_->window(); }
    ReplayServer &nomad() { return house_->nomad(); }
    bool enabled(const char *action) {
        return window().window().actions().action(action)->isEnabled();
    }
    void view(const char *action) { window().window().actions().action(action)->trigger(); }
    bool open(const QByteArray &rollout) {
        const QString id = QString::fromLatin1(rollout);
        if (!window().until([&] { return window().desk().rollout(id) != nullptr; })) {
            return false;
        }
        window().console().open(u"rollout:"_qs + id);
        return window().until([&] { return window().console().choice().detail() != nullptr; });
    }
    // The fourth version: like the second, with the members of another answer of the same kind.
    static QByteArray version(int recording, const QByteArray &id, int number, int modified) {
        return NomadHouse::deployment(recording, {{u"ID"_qs, QString::fromLatin1(id)},
                                                  {u"JobVersion"_qs, number},
                                                  {u"CreateIndex"_qs, 100 + number},
                                                  {u"ModifyIndex"_qs, modified}});
    }

private Q_SLOTS:
    void initTestCase() {
        house_ = std::make_unique<NomadHouse>();
        house_->furnish();
        QVERIFY(house_->open());
    }
    void cleanupTestCase() { house_.reset(); }

    void itIsTriedAndConnectedByTheForm() {
        view("cluster.add");
        QVERIFY(house_->choose(u"Kind"_qs, u"nomad"_qs));
        QVERIFY(house_->type(u"Id"_qs, u"edge"_qs));
        QVERIFY(house_->type(u"Address"_qs, u"nomad.example:4646"_qs));
        window().press(Qt::Key_Return);
        QVERIFY2(window().sees(u"give an address with http"_qs), window().story());
        QVERIFY(nomad().asked().empty());
        QVERIFY(house_->type(u"Address"_qs, nomad().address()));
        window().button(u"Test"_qs)->click();
        QVERIFY2(window().untilSeen(u"Nomad answers at "_qs + nomad().address()), window().story());
        QVERIFY(window().desk().clusters().empty()); // a test connects nothing
        QVERIFY(house_->type(u"Namespace"_qs, u"default"_qs));
        window().press(Qt::Key_Return);
        QVERIFY2(window().until([this] {
            const api::ClusterRow *row = window().desk().cluster(u"edge"_qs);
            return row && row->contact == api::Contact::Live;
        }),
                 window().story());
        view("view.fleet");
        QVERIFY2(window().untilSeen(u"edge-1"_qs), window().story());
        QVERIFY(window().sees(u"dc1"_qs));
    }

    // What Nomad's own command line did is in the window within a second.
    void itWaitsForPromotionAndIsPromoted() {
        house_->show({recorded(24)}, 20);
        QVERIFY(open(canary));
        QVERIFY2(window().untilSeen(u"web: hold for you"_qs), window().story());
        QVERIFY(!enabled("rollout.promote"));
        nomad().put("/v1/allocations", recorded(26), 24);
        house_->show({recorded(25)}, 24);
        QElapsedTimer since;
        since.start();
        view("view.waiting");
        QVERIFY2(window().untilSeen(u"web 1 waits for promotion, 2 of 6 instances healthy"_qs),
                 window().story());
        qInfo("seen after %lld ms", since.elapsed());
        QVERIFY2(window().askByKeys("cluster.lock"), window().story());
        QVERIFY(open(canary));
        QVERIFY2(window().until([this] { return enabled("rollout.promote"); }), window().story());
        QVERIFY(!window().button(u"Skip"_qs)); // Nomad cannot
        QVERIFY(window()
                    .window()
                    .actions()
                    .action("rollout.skip")
                    ->toolTip()
                    .contains(u"the cluster runs this rollout itself"));
        house_->takes("promote", canary, recorded(45), 56);
        QVERIFY2(window().askByKeys("rollout.promote"), window().story());
        QVERIFY2(window().untilOutcome(api::Outcome::Applied), window().story());
        QCOMPARE(nomad().count("POST", "/v1/deployment/promote/" + canary), 1);
        house_->show({recorded(45)}, 56);
        QVERIFY2(window().untilSeen(u"Deployment completed successfully"_qs), window().story());
        QVERIFY(!enabled("rollout.open-run")); // there is no run of ours
    }

    void aFailureCallsAndGoesBack() {
        house_->show({recorded(45), recorded(80)}, 72);
        view("view.waiting");
        QVERIFY2(window().untilSeen(u"Failed due to progress deadline"_qs), window().story());
        const QByteArray third = "33333333-a191-8226-2431-f069f44957ba";
        house_->show({recorded(45), recorded(80), version(45, third, 3, 80)}, 80);
        QVERIFY(open(third));
        QVERIFY2(window().untilSeen(u"6 of 6 healthy"_qs), window().story());
        view("view.history");
        QVERIFY2(window().untilSeen(u"rolling back to job version 1"_qs), window().story());
    }

    void itIsPausedAndResumed() {
        const auto all = [](const QByteArray &newest) {
            return QList<QByteArray>{recorded(45), recorded(80), newest};
        };
        house_->show(all(version(25, fourth, 4, 90)), 90);
        QVERIFY(open(fourth));
        QVERIFY2(window().until([this] { return enabled("rollout.pause"); }), window().story());
        const QByteArray paused = version(38, fourth, 4, 91);
        house_->takes("pause", fourth, paused, 91);
        QVERIFY2(window().askByKeys("rollout.pause"), window().story());
        QVERIFY2(window().untilOutcome(api::Outcome::Applied), window().story());
        house_->show(all(paused), 91);
        QVERIFY2(window().untilSeen(u"Deployment is paused"_qs), window().story());
        QVERIFY2(window().until([this] { return enabled("rollout.resume"); }), window().story());
        QVERIFY(!enabled("rollout.promote"));
        const QByteArray running = version(25, fourth, 4, 92);
        house_->takes("pause", fourth, running, 92);
        QVERIFY2(window().askByKeys("rollout.resume"), window().story());
        QVERIFY2(window().until([this] { return window().outcome().what.contains(u"esume"); }),
                 window().story());
        QVERIFY2(window().untilOutcome(api::Outcome::Applied), window().story());
        house_->show(all(running), 92);
        QVERIFY2(window().untilStatus(QString::fromLatin1(fourth), Status::Waiting),
                 window().story());
    }

    // By Nomad's own revert, to a version that is chosen from the history.
    void itIsRevertedToAnOlderVersion() {
        QVERIFY(open(fourth));
        nomad().put("/v1/job/web/versions", house_->versionsUpTo(4), 92);
        nomad().put("/v1/job/web", "{\"ID\":\"web\",\"Version\":5}", 95);
        nomad().script("POST", "/v1/job/web/revert", {.body = "{\"EvalID\":\"x\"}"});
        QVERIFY2(house_->chooseWayBack(u"3"_qs, u"1"_qs), window().story());
        QVERIFY2(window().untilSeen(u"its canaries run again and wait for promotion"_qs),
                 window().story());
        QVERIFY2(window().confirmByKeys(), window().story());
        QVERIFY2(window().until([this] {
            return window().outcome().text.contains(u"1 is brought back, with its own canaries");
        }),
                 window().story());
        QCOMPARE(window().outcome().outcome, api::Outcome::Applied);
        const QJsonObject sent =
            QJsonDocument::fromJson(nomad().last("/v1/job/web/revert")->body).object();
        QCOMPARE(sent[u"JobVersion"].toInteger(-1), 1);
        QCOMPARE(sent[u"EnforcePriorVersion"].toInteger(-1), 4);
    }

    // Planned by Nomad, shown with what it would change and the index that is enforced; then
    // started.
    void aVersionIsStartedWithAnotherVariable() {
        QVERIFY(open(fourth));
        nomad().put("/v1/job/web", NomadHouse::job(4, 10), 100);
        nomad().script("POST", "/v1/job/web/plan", {.body = recorded(20)});
        nomad().script("POST", "/v1/jobs", {.body = "{\"EvalID\":\"x\",\"JobModifyIndex\":110}"});
        view("service.start");
        QCOMPARE(house_->field(u"Service"_qs)->text(), u"web"_qs);
        QVERIFY(house_->type(u"Variables"_qs, u"2.0.0"_qs));
        window().press(Qt::Key_Return);
        QVERIFY2(window().untilSeen(u"is not NAME=VALUE"_qs), window().story());
        QVERIFY(house_->type(u"Variables"_qs, u"APP_VERSION=2.0.0"_qs));
        window().press(Qt::Key_Return);
        QVERIFY2(window().untilSeen(u"index 10; refused if it was changed since"_qs),
                 window().story());
        QVERIFY2(window().sees(u"APP_VERSION"_qs), window().story());
        QCOMPARE(nomad().count("POST", "/v1/jobs"), 0);
        const auto registering = connect(&nomad(), &ReplayServer::heard, this, [this] {
            if (nomad().count("POST", "/v1/jobs") > 0) {
                nomad().put("/v1/job/web", NomadHouse::job(5, 110), 110);
            }
        });
        QVERIFY2(window().confirmByKeys(), window().story());
        QVERIFY2(
            window().until([this] { return window().outcome().text.contains(u"it is version 5"); }),
            window().story());
        disconnect(registering);
        QCOMPARE(window().outcome().outcome, api::Outcome::Applied);
        const auto registered = std::ranges::find_if(nomad().asked(), [](const Asked &one) {
            return one.method == "POST" && one.path() == "/v1/jobs";
        });
        QVERIFY(registered != nomad().asked().end());
        const QJsonObject sent = QJsonDocument::fromJson(registered->body).object();
        QVERIFY(sent[u"EnforceIndex"].toBool());
        QCOMPARE(sent[u"JobModifyIndex"].toInteger(), 10);
        QCOMPARE(sent[u"Job"][u"TaskGroups"][0][u"Tasks"][0][u"Env"][u"APP_VERSION"].toString(),
                 u"2.0.0"_qs);
    }

    // A model of what the cluster would do; nothing is asked of it but its plan.
    void theNextVersionIsRehearsed() {
        const int before = nomad().count("POST", "/v1/jobs");
        QVERIFY(open(fourth));
        view("service.start");
        QVERIFY(house_->type(u"Variables"_qs, u"APP_VERSION=3.0.0"_qs));
        window().button(u"Rehearse"_qs)->click();
        QVERIFY2(window().untilSeen(u"on edge, as it rolls it out"_qs), window().story());
        QVERIFY2(window().untilSeen(u"the cluster rolls it out itself"_qs), window().story());
        QCOMPARE(window().window().shownView(), u"view.rehearsal"_qs);
        QVERIFY(!window().sees(u"Start a version on"_qs));
        QCOMPARE(nomad().count("POST", "/v1/jobs"), before);
    }

    void aVersionIsPlannedFromAFile() {
        const QTemporaryDir folder;
        const QString path = written(folder, u"web.json"_qs, "{\"Job\":" + recorded(17) + "}");
        const int before = nomad().count("POST", "/v1/jobs");
        view("service.start");
        QVERIFY(house_->type(u"File"_qs, path));
        window().press(Qt::Key_Return);
        QVERIFY2(window().untilSeen(u"Start a version of web?"_qs), window().story());
        window().press(Qt::Key_Escape);
        QVERIFY(!window().console().requester().question());
        QCOMPARE(nomad().count("POST", "/v1/jobs"), before);
    }

    void aNodeIsDrained() {
        const QByteArray drain = "/v1/node/26056a21-e55d-13f7-e0db-939c0fe679e1/drain";
        nomad().script("POST", drain, {.body = recorded(135)});
        view("view.fleet");
        QVERIFY2(house_->chooseNode(u"edge-1"_qs), window().story());
        QVERIFY2(window().askByKeys("node.drain"), window().story());
        QVERIFY2(window().until([&] { return nomad().count("POST", drain) == 1; }),
                 window().story());
        QVERIFY(window().outcome().outcome != api::Outcome::Applied);
        house_->showNode(u"edge-1"_qs, {{u"Drain"_qs, true}}, 600);
        QVERIFY2(window().untilOutcome(api::Outcome::Applied), window().story());
        QVERIFY2(window().untilSeen(u"draining"_qs), window().story());
        QVERIFY(!enabled("node.exclude")); // Nomad cannot
        QVERIFY(!window().button(u"Exclude"_qs));
        QVERIFY(window()
                    .window()
                    .actions()
                    .action("node.exclude")
                    ->toolTip()
                    .contains(u"knows no exclusion"));
    }
};

QTEST_MAIN(TestNomad)
#include "test_nomad.moc"
