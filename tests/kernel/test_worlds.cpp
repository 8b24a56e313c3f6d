// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kernel/randomplan.h"
#include "tests/kernel/world.h"

#include <QTest>

using namespace aviary::kernel;
using aviary::kernel::testing::Chance;
using aviary::kernel::testing::randomPlan;
using aviary::kernel::testing::World;

// Random worlds: 200 of them, 10,000 with AVIARY_LONG=1, other ones with AVIARY_SEED=n.
class TestWorlds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyWorldIsSafeAndEnds();
};

void TestWorlds::everyWorldIsSafeAndEnds() {
    const bool is_long = qEnvironmentVariableIntValue("AVIARY_LONG") > 0;
    const int count = is_long ? 10'000 : 200;
    const auto first = static_cast<std::uint64_t>(
        qEnvironmentVariableIsSet("AVIARY_SEED") ? qEnvironmentVariableIntValue("AVIARY_SEED") : 1);
    std::array<int, 11> ends{};
    for (int i = 0; i < count; ++i) {
        const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
        Chance chance(seed);
        Plan plan = randomPlan(chance);
        World world(plan, chance.next());
        world.run(static_cast<int>(chance.from(20, 300)));
        ++ends[static_cast<std::size_t>(world.state().status)];
        QVERIFY2(world.problem().empty(),
                 qPrintable(QStringLiteral("seed %1: %2")
                                .arg(seed)
                                .arg(QString::fromStdString(world.problem()))));
    }
    for (const Status status :
         {Status::Completed, Status::RolledBack, Status::Failed, Status::Superseded}) {
        const int reached = ends[static_cast<std::size_t>(status)];
        qInfo("seeds from %llu: %d %s", static_cast<unsigned long long>(first), reached,
              std::string(nameOf(status)).c_str());
        QVERIFY2(reached > 0 || count < 100, "a world that never ends so tests too little");
    }
}

QTEST_GUILESS_MAIN(TestWorlds)
#include "test_worlds.moc"
