// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/places.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace aviary;
using namespace aviary::api;
using namespace Qt::Literals;

namespace {

QProcessEnvironment environment(const QMap<QString, QString> &values) {
    QProcessEnvironment made;
    for (auto it = values.begin(); it != values.end(); ++it) {
        made.insert(it.key(), it.value());
    }
    return made;
}

} // namespace

class TestPlaces : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theStateDirectoryIsFound_data();
    void theStateDirectoryIsFound();
    void aLongPathGetsAShortSocket();
    void aDirectoryIsMadePrivate();
    void whatOthersCouldChangeIsRefused();
};

void TestPlaces::theStateDirectoryIsFound_data() {
    using Values = QMap<QString, QString>;
    QTest::addColumn<QString>("option");
    QTest::addColumn<Values>("values");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("socket");
    const Values home{{u"HOME"_qs, u"/home/ann"_qs}};
    Values all = home;
    all.insert(u"XDG_STATE_HOME"_qs, u"/var/x"_qs);
    all.insert(u"XDG_RUNTIME_DIR"_qs, u"/run/user/7"_qs);
    Values given = all;
    given.insert(u"AVIARY_STATE_DIR"_qs, u"/srv/a"_qs);
    Values relative = home;
    relative.insert(u"XDG_STATE_HOME"_qs, u"x"_qs);
    QTest::newRow("home") << QString() << home << u"/home/ann/.local/state/aviary"_qs
                          << u"/home/ann/.local/state/aviary/aviaryd.socket"_qs;
    QTest::newRow("xdg") << QString() << all << u"/var/x/aviary"_qs
                         << u"/run/user/7/aviary/aviaryd.socket"_qs;
    QTest::newRow("variable") << QString() << given << u"/srv/a"_qs << u"/srv/a/aviaryd.socket"_qs;
    QTest::newRow("option") << u"/srv/b/"_qs << given << u"/srv/b"_qs
                            << u"/srv/b/aviaryd.socket"_qs;
    QTest::newRow("relative does not count")
        << QString() << relative << u"/home/ann/.local/state/aviary"_qs
        << u"/home/ann/.local/state/aviary/aviaryd.socket"_qs;
}

void TestPlaces::theStateDirectoryIsFound() {
    using Values = QMap<QString, QString>;
    QFETCH(QString, option);
    QFETCH(Values, values);
    QFETCH(QString, state);
    QFETCH(QString, socket);
    const auto places = placesOf(option, environment(values));
    QVERIFY(places);
    QCOMPARE(places->state, state);
    QCOMPARE(places->socket, socket);
}

void TestPlaces::aLongPathGetsAShortSocket() {
    const QString deep = u"/srv/"_qs + QString(150, u'x');
    const auto one = placesOf(deep + u"1"_qs, environment({}));
    const auto two = placesOf(deep + u"2"_qs, environment({}));
    QVERIFY(one && two);
    QVERIFY(one->socket.size() <= socket_path_max);
    QVERIFY(one->socket != two->socket);
    QCOMPARE(one->socket, placesOf(deep + u"1"_qs, environment({}))->socket);
    const QMap<QString, QString> values{{u"XDG_RUNTIME_DIR"_qs, u"/run/"_qs + QString(150, u'x')}};
    QCOMPARE(placesOf(deep, environment(values)).error().code, ErrorCode::Invalid);
}

void TestPlaces::aDirectoryIsMadePrivate() {
    QTemporaryDir base;
    const QString path = base.filePath(u"a/b/state"_qs);
    QVERIFY(makePrivateDirectory(path));
    struct stat found {};
    QCOMPARE(stat(qPrintable(path), &found), 0);
    QCOMPARE(int(found.st_mode & 0777), 0700);
    QVERIFY(makePrivateDirectory(path));
}

void TestPlaces::whatOthersCouldChangeIsRefused() {
    QTemporaryDir base;
    const QString open = base.filePath(u"open"_qs);
    QVERIFY(makePrivateDirectory(open));
    QCOMPARE(chmod(qPrintable(open), 0770), 0);
    const auto writable = makePrivateDirectory(open);
    QCOMPARE(writable.error().code, ErrorCode::Refused);
    QVERIFY(writable.error().remedy.contains(u"chmod"));
    QCOMPARE(chmod(qPrintable(open), 0700), 0);
    QVERIFY(makePrivateDirectory(open));
    QVERIFY(QFile::link(open, base.filePath(u"link"_qs)));
    QCOMPARE(makePrivateDirectory(base.filePath(u"link"_qs)).error().code, ErrorCode::Refused);
    QFile file(base.filePath(u"file"_qs));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(makePrivateDirectory(file.fileName()).error().code, ErrorCode::Refused);
}

QTEST_GUILESS_MAIN(TestPlaces)
#include "test_places.moc"
