// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"
#include "tests/core/journal/faultydisk.h"
#include "tests/core/journal/samples.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace aviary;
using namespace aviary::journal;
using tests::Fault;

namespace {

constexpr int batches = 4;

// What the journal holds, in whole batches; -1 when it holds half of one.
int wholeBatches(const Journal &journal) {
    const auto facts = journal.facts(QStringLiteral("request"));
    if (!facts) {
        return -1;
    }
    const int count = static_cast<int>(facts->size());
    std::uint64_t entries = 0;
    if (count > 0) {
        const auto read = journal.readEntries(tests::rolloutId(1), 1, [&](const auto &) {
            ++entries;
            return true;
        });
        if (!read) {
            return -1;
        }
    }
    const auto rollouts = journal.rollouts();
    const bool whole = entries == 2u * static_cast<unsigned>(count) && rollouts &&
                       rollouts->size() == (count > 0 ? 1u : 0u) &&
                       (count == 0 || rollouts->front().entries == entries);
    return whole ? count : -1;
}

} // namespace

class TestTorture : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyCallMayFailOnce_data();
    void everyCallMayFailOnce();
    void everyCallMayFailForGood_data();
    void everyCallMayFailForGood();
    void aFullDiskStopsWritingAndNotReading();
    void openingMayFailAnywhere();

private:
    long callsOfAllBatches();
    void torture(Fault fault, bool lasting);
    std::unique_ptr<QTemporaryDir> root_;
    tests::FaultyDisk disk_;
};

void TestTorture::init() {
    root_ = std::make_unique<QTemporaryDir>();
    disk_.heal();
}

long TestTorture::callsOfAllBatches() {
    auto journal = Journal::open(root_->filePath(QStringLiteral("count")), Access::Own);
    disk_.heal();
    for (int n = 0; journal && n < batches; ++n) {
        if (!(*journal)->append(tests::batch(n))) {
            return 0;
        }
    }
    return disk_.calls();
}

// Appends batch after batch while the k-th call fails, for every k. Whatever was acknowledged is
// there afterwards, nothing is there by half, and the chain is whole.
void TestTorture::torture(Fault fault, bool lasting) {
    const long calls = callsOfAllBatches();
    QVERIFY(calls > 20);
    int refused = 0;
    for (long k = 0; k < calls; ++k) {
        const QString path = root_->filePath(QString::number(k));
        disk_.heal();
        int acknowledged = 0;
        {
            auto journal = Journal::open(path, Access::Own);
            QVERIFY(journal);
            disk_.failAt(k, fault, lasting);
            for (int n = 0; n < batches; ++n) {
                const auto appended = (*journal)->append(tests::batch(acknowledged));
                if (appended) {
                    ++acknowledged;
                    continue;
                }
                ++refused;
                QVERIFY2(appended.error().code == ErrorCode::Storage,
                         qPrintable(toText(appended.error())));
                QVERIFY((*journal)->standstill());
                QVERIFY(!(*journal)->append(tests::batch(acknowledged))); // until it recovers
                if (!lasting && (*journal)->recover()) {
                    QVERIFY(!(*journal)->standstill());
                    // As long as the process lives, what was not acknowledged did not happen.
                    QCOMPARE(wholeBatches(**journal), acknowledged);
                }
            }
        }
        disk_.heal();
        const auto journal = Journal::open(path, Access::Own);
        QVERIFY2(journal, qPrintable(toText(journal ? Error{} : journal.error())));
        const int held = wholeBatches(**journal);
        QVERIFY2(held == acknowledged || held == acknowledged + 1,
                 qPrintable(QStringLiteral("call %1: %2 acknowledged, %3 held")
                                .arg(k)
                                .arg(acknowledged)
                                .arg(held)));
        const auto sound = (*journal)->verify();
        QVERIFY2(sound && sound->whole, qPrintable(sound ? sound->what : QString()));
        QVERIFY((*journal)->append(tests::batch(held)));
        QDir(path).removeRecursively();
    }
    QVERIFY(refused > 10); // else nothing was proved
}

void TestTorture::everyCallMayFailOnce_data() {
    QTest::addColumn<bool>("full");
    QTest::newRow("input/output error") << false;
    QTest::newRow("disk full") << true;
}
void TestTorture::everyCallMayFailOnce() {
    QFETCH(bool, full);
    torture(full ? Fault::Full : Fault::InputOutput, false);
}
void TestTorture::everyCallMayFailForGood_data() {
    everyCallMayFailOnce_data();
}
void TestTorture::everyCallMayFailForGood() {
    QFETCH(bool, full);
    torture(full ? Fault::Full : Fault::InputOutput, true);
}

void TestTorture::aFullDiskStopsWritingAndNotReading() {
    auto opened = Journal::open(root_->filePath(QStringLiteral("state")), Access::Own);
    QVERIFY(opened);
    Journal &journal = **opened;
    QVERIFY(journal.append(tests::batch(0)));
    // Reading needs no write: only writes fail from here on.
    disk_.failAt(0, Fault::Full, false);
    Result<void> appended;
    for (long k = 0; appended; ++k) {
        disk_.failAt(k, Fault::Full, false);
        appended = journal.append(tests::batch(1 + static_cast<int>(k)));
        QVERIFY(k < 100);
    }
    QCOMPARE(appended.error().code, ErrorCode::Storage);
    QVERIFY(!appended.error().what.isEmpty());
    QVERIFY(wholeBatches(journal) >= 1);
    QVERIFY(journal.verify()->whole);
    const record::Anchor head = journal.head();
    disk_.failAt(0, Fault::Full, true);
    QVERIFY(!journal.recover()); // still full
    QVERIFY(journal.standstill());
    disk_.heal();
    QVERIFY(journal.recover());
    QVERIFY(!journal.standstill());
    QVERIFY(journal.head().records >= head.records);
    QVERIFY(journal.append(tests::batch(wholeBatches(journal))));
    QVERIFY(journal.verify()->whole);
}

// Also the very first time, when the tables are made.
void TestTorture::openingMayFailAnywhere() {
    for (const bool fresh : {true, false}) {
        int failures = 0;
        for (long k = 0; k < 1'000; ++k) {
            const QString path = root_->filePath(QStringLiteral("%1-%2").arg(fresh).arg(k));
            disk_.heal();
            if (!fresh) {
                QVERIFY((*Journal::open(path, Access::Own))->append(tests::batch(0)));
            }
            disk_.failAt(k, Fault::InputOutput, false);
            const bool opened = Journal::open(path, Access::Own).has_value();
            const bool failed = disk_.failed();
            disk_.heal();
            failures += opened ? 0 : 1;
            auto journal = Journal::open(path, Access::Own);
            QVERIFY2(journal, qPrintable(toText(journal ? Error{} : journal.error())));
            QCOMPARE(wholeBatches(**journal), fresh ? 0 : 1);
            QVERIFY((*journal)->append(tests::batch(fresh ? 0 : 1)));
            journal = {};
            QDir(path).removeRecursively();
            if (!failed) {
                break;
            }
        }
        QVERIFY(failures > 3);
    }
}

QTEST_GUILESS_MAIN(TestTorture)
#include "test_torture.moc"
