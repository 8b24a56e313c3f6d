// SPDX-License-Identifier: GPL-3.0-or-later
// Nomad in the real window: connected by the form, its deployments watched, promoted, paused and
// resumed. Nomad is played from recordings of a real one.
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
};

QTEST_MAIN(TestNomad)
#include "test_nomad.moc"
