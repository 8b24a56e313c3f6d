// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cellbits.h"
#include "core/kernel/rollout/step.h"

#include <QTest>

using namespace aviary::kernel;

namespace {

// What differs in the second word between a cell of nothing and an edited one.
template <class Edit>
std::uint64_t bitsOf(Edit edit) {
    Cell cell;
    cell.old_runs = false;
    const CellWords before = wordsOf(cell);
    edit(cell);
    return wordsOf(cell).second ^ before.second;
}

} // namespace

// The names of bits stand for members; a compiler that lays them out otherwise is found here.
class TestCellBits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachNameIsItsMember();
    void aRolloutBeginsWithoutUnusedBits();
    void aCellComesBackFromItsWords();
};

void TestCellBits::eachNameIsItsMember() {
    QCOMPARE(bitsOf([](Cell &cell) { cell.phase = Phase{0xff}; }), bits::phase);
    QCOMPARE(bitsOf([](Cell &cell) { cell.status = NodeStatus{0xff}; }), bits::status);
    QCOMPARE(bitsOf([](Cell &cell) { cell.cause = Cause{0xff}; }), bits::cause);
    QCOMPARE(bitsOf([](Cell &cell) { cell.attempts = 0xff; }), bits::attempts);
    QCOMPARE(bitsOf([](Cell &cell) { cell.attempts = 1; }), bits::one_attempt);
    QCOMPARE(bitsOf([](Cell &cell) { cell.windows = 0xff; }), bits::windows);
    QCOMPARE(bitsOf([](Cell &cell) { cell.windows = 1; }), bits::one_window);
    QCOMPARE(bitsOf([](Cell &cell) { cell.falls = 0xff; }), bits::falls);
    QCOMPARE(bitsOf([](Cell &cell) { cell.flagged = true; }), bits::flagged);
    QCOMPARE(bitsOf([](Cell &cell) { cell.drained = true; }), bits::drained);
    QCOMPARE(bitsOf([](Cell &cell) { cell.incapable = true; }), bits::incapable);
    QCOMPARE(bitsOf([](Cell &cell) { cell.ready = true; }), bits::ready);
    QCOMPARE(bitsOf([](Cell &cell) { cell.old_runs = true; }), bits::old_runs);
    QCOMPARE(bitsOf([](Cell &cell) { cell.old_gone = true; }), bits::old_gone);
    QCOMPARE(bitsOf([](Cell &cell) { cell.retiring = true; }), bits::retiring);
    QCOMPARE(bitsOf([](Cell &cell) { cell.touched = true; }), bits::touched);
    QCOMPARE(bitsOf([](Cell &cell) { cell.served = true; }), bits::served);
    QCOMPARE(bitsOf([](Cell &cell) { cell.again = true; }), bits::again);
    QCOMPARE(bitsOf([](Cell &cell) { cell.proven = true; }), bits::proven);
    QCOMPARE(bitsOf([](Cell &cell) { cell.postponed = true; }), bits::postponed);
    QCOMPARE(bitsOf([](Cell &cell) { cell.returning = true; }), bits::returning);
    QCOMPARE(bitsOf([](Cell &cell) { cell.queued = true; }), bits::queued);
}

void TestCellBits::aRolloutBeginsWithoutUnusedBits() {
    Plan plan;
    plan.sites.resize(1);
    plan.targets.resize(3);
    plan.targets[1].reach = Reach::Offline;
    plan.targets[2].standing = Standing::Behind;
    for (const Cell &cell : begin(plan).cells) {
        QCOMPARE(wordsOf(cell).second & bits::unused, std::uint64_t{0});
    }
}

void TestCellBits::aCellComesBackFromItsWords() {
    Cell cell;
    cell.order = 7;
    cell.site = 9;
    cell.phase = Phase::Restoring;
    cell.queued = true;
    QCOMPARE(wordsOf(cell).first, (std::uint64_t{9} << 32) | 7);
    QVERIFY(cellOf(wordsOf(cell)) == cell);
}

QTEST_GUILESS_MAIN(TestCellBits)
#include "test_cellbits.moc"
