// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/wholefile.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace aviary;
using namespace Qt::Literals;

class TestWholeFile : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

private Q_SLOTS:
    void whatIsWrittenIsRead() {
        const QString path = folder_.filePath(u"some"_qs);
        QVERIFY(writeWhole(path, "abc"));
        QVERIFY(writeWhole(path, "de"));
        QCOMPARE(readWhole(path, 2).value_or(QByteArray()), QByteArray("de"));
        QCOMPARE(QDir(folder_.path()).entryList(QDir::Files), QStringList{u"some"_qs});
    }

    void moreThanTheLimitIsRefusedAndTheLimitIsNamed() {
        const QString path = folder_.filePath(u"large"_qs);
        QVERIFY(writeWhole(path, QByteArray(2'049, 'a')));
        const auto read = readWhole(path, 2'048);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Invalid);
        QCOMPARE(read.error().where, path);
        QCOMPARE(read.error().remedy, u"at most 2 KiB"_qs);
    }

    void whatIsNotThereIsToldFromWhatCannotBeRead() {
        const auto missing = readWhole(folder_.filePath(u"missing"_qs), 10);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        const auto directory = readWhole(folder_.path(), 10);
        QVERIFY(!directory);
        QCOMPARE(directory.error().code, ErrorCode::Storage);
    }

    // A file that says it has no size holds something all the same.
    void aFileWithoutASizeIsReadToItsEnd() {
        QVERIFY(!readWhole(u"/proc/self/status"_qs, 1 << 20).value_or(QByteArray()).isEmpty());
        QVERIFY(!readWhole(u"/proc/self/status"_qs, 16));
    }

    void aPipeIsReadToItsEnd() {
        const QString path = folder_.filePath(u"pipe"_qs);
        QCOMPARE(::mkfifo(QFile::encodeName(path).constData(), 0600), 0);
        QProcess writer;
        writer.start(u"sh"_qs, {u"-c"_qs, u"head -c 100000 /dev/zero > \"$1\""_qs, u"sh"_qs, path});
        const auto read = readWhole(path, 1 << 20);
        QVERIFY(writer.waitForFinished());
        QCOMPARE(read.value_or(QByteArray()).size(), 100'000);
    }

    void whatCannotBeWrittenLeavesTheOldContent() {
        const auto written = writeWhole(folder_.filePath(u"nowhere/some"_qs), "abc");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Storage);
        QVERIFY(!written.error().remedy.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestWholeFile)
#include "test_wholefile.moc"
