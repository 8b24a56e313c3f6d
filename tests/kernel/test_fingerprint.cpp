// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kernel/randomplan.h"
#include "tests/kernel/world.h"

#include <QTest>

using namespace aviary::kernel;
using aviary::kernel::testing::Chance;
using aviary::kernel::testing::randomPlan;
using aviary::kernel::testing::World;

// The state hashes of 40 worlds, folded into one number: the same under every compiler, at every
// level of optimisation. It changes only when the engine decides otherwise; then say so in the
// commit, for recorded rollouts will be shown as decided otherwise too.
class TestFingerprint : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameSeedsGiveTheSameStates();
};

void TestFingerprint::sameSeedsGiveTheSameStates() {
    std::uint64_t fingerprint = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Chance chance(seed);
        const std::uint64_t luck = chance.next(); // before the plan: arguments have no order
        World world(randomPlan(chance), luck);
        world.run(200);
        fingerprint = fingerprint * 31 + world.fingerprint();
    }
    qInfo("fingerprint: %016llx", static_cast<unsigned long long>(fingerprint));
    QFile golden(QStringLiteral(AVIARY_SOURCE_DIR "/tests/kernel/fingerprint.golden"));
    QVERIFY(golden.open(QIODevice::ReadOnly));
    QCOMPARE(QString::number(fingerprint, 16).rightJustified(16, QLatin1Char('0')),
             QString::fromLatin1(golden.readAll().trimmed()));
}

QTEST_GUILESS_MAIN(TestFingerprint)
#include "test_fingerprint.moc"
