// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster whose plans another person approves.
#include "tests/understudies/daemonunderstudy.h"

#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;

namespace {

const QString shop = QStringLiteral("shop");

QJsonObject manifestOf(const QString &image) {
    return {{QStringLiteral("manifest"),
             QJsonObject{{QStringLiteral("graph_id"), shop},
                         {QStringLiteral("policies"),
                          QJsonObject{{QStringLiteral("update"),
                                       QJsonObject{{QStringLiteral("min_healthy_ms"), 0}}}}},
                         {QStringLiteral("aviary"),
                          QJsonObject{{QStringLiteral("command"), QStringLiteral("/bin/true")},
                                      {QStringLiteral("image"), image}}}}}};
}

QJsonObject asking(const QString &rollout, const QString &verb) {
    return {{QStringLiteral("rollout"), rollout}, {QStringLiteral("verb"), verb}};
}

bool mayStart(DaemonUnderstudy &daemon, const QString &rollout) {
    for (const QJsonValue &one : daemon.rollout(rollout)[u"permissions"].toArray()) {
        if (one[u"verb"].toString() == u"start") {
            return one[u"allowed"].toBool();
        }
    }
    return false;
}

} // namespace

class TestApproval : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        daemon_ = std::make_unique<DaemonUnderstudy>(2);
        daemon_->must(QStringLiteral("cluster.edit"),
                      {{QStringLiteral("id"), QStringLiteral("sim")},
                       {QStringLiteral("needs_approval"), true}});
        daemon_->setUser(QStringLiteral("ann"), QStringLiteral("Ann"));
        const auto made = daemon_->must(QStringLiteral("deploy"), manifestOf(QStringLiteral("a")));
        QVERIFY2(made[u"text"].toString().contains(u"approval"),
                 qPrintable(made[u"text"].toString()));
        id_ = made[u"rollout"][u"id"].toString();
    }

    void nothingStartsBeforeAnotherPersonApproved() {
        QCOMPARE(daemon_->status(id_), QStringLiteral("draft"));
        QVERIFY(!mayStart(*daemon_, id_));
        const auto started =
            daemon_->call(QStringLiteral("request"), asking(id_, QStringLiteral("start")));
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::Refused);
        QVERIFY(started.error().remedy.contains(u"aviary approve"));
        const auto waiting = daemon_->must(QStringLiteral("waiting"))[u"waiting"].toArray();
        QCOMPARE(waiting[0][u"verb"].toString(), QStringLiteral("approve"));
        QCOMPARE(daemon_->cluster().runs(), 0);
    }

    void whoMadeItDoesNotApproveItUnderAnyName() {
        for (const QString &name :
             {QStringLiteral("Ann"), QString(), QStringLiteral("Ben (ben)")}) {
            daemon_->setUser(QStringLiteral("ann"), name);
            const auto own =
                daemon_->call(QStringLiteral("request"), asking(id_, QStringLiteral("approve")));
            QVERIFY(!own);
            QCOMPARE(own.error().code, ErrorCode::Refused);
            QVERIFY2(own.error().remedy.contains(u"ann"), qPrintable(own.error().remedy));
        }
        QCOMPARE(daemon_->status(id_), QStringLiteral("draft"));
    }

    void afterAnotherPersonApprovedItStarts() {
        daemon_->setUser(QStringLiteral("ben"));
        daemon_->must(QStringLiteral("request"), asking(id_, QStringLiteral("approve")));
        QCOMPARE(daemon_->status(id_), QStringLiteral("approved"));
        QVERIFY(mayStart(*daemon_, id_));
        daemon_->setUser(QStringLiteral("ann"));
        daemon_->must(QStringLiteral("request"), asking(id_, QStringLiteral("start")));
        QVERIFY2(daemon_->waitFor(id_, QStringLiteral("completed")),
                 qPrintable(daemon_->status(id_)));
    }

    void anUnapprovedPlanMakesNothingGiveWay() {
        QJsonObject second = manifestOf(QStringLiteral("b"));
        second[u"supersede"] = true;
        const auto refused = daemon_->call(QStringLiteral("deploy"), second);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(daemon_->status(id_), QStringLiteral("draft"));
    }

private:
    std::unique_ptr<DaemonUnderstudy> daemon_;
    QString id_;
};

QTEST_GUILESS_MAIN(TestApproval)
#include "test_approval.moc"
