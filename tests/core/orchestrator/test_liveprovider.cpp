// SPDX-License-Identifier: GPL-3.0-or-later
// A daemon's provider over a real journal and a simulated cluster: what an operator would notice.
#include "tests/support/daemonunderstudy.h"

#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;

class TestLiveProvider : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void deploysOneNodeThroughTheJournal() {
        DaemonUnderstudy daemon(1);
        const QString first = daemon.deploy(QStringLiteral("shop"), QStringLiteral("a:v1"));
        QVERIFY2(daemon.waitFor(first, QStringLiteral("completed")),
                 qPrintable(daemon.status(first)));
        QCOMPARE(daemon.cluster().revisionOn(QStringLiteral("n0"), QStringLiteral("shop")),
                 QStringLiteral("v1"));
        QVERIFY(daemon.must(QStringLiteral("journal.verify"))[u"whole"].toBool());
    }
};

QTEST_GUILESS_MAIN(TestLiveProvider)
#include "test_liveprovider.moc"
