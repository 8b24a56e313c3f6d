// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/inprocesssession.h"
#include "tests/core/api/fakeprovider.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace aviary::api;
using namespace aviary::tests;
using namespace Qt::Literals;

class TestInProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersComeFromTheEventLoop();
    void changesAreToldLikeOverASocket();
    void aLateAnswerToNobodyIsHarmless();
};

void TestInProcess::answersComeFromTheEventLoop() {
    FakeProvider provider;
    InProcessSession session(provider, {u"ann"_qs, {}, 1});
    QCOMPARE(provider.present, 1);
    std::optional<Result<QJsonObject>> result;
    session.call(u"whoami"_qs, {}, [&](const Result<QJsonObject> &answer) { result = answer; });
    QVERIFY(!result.has_value());
    QTRY_VERIFY(result.has_value());
    QCOMPARE(result->value().value(u"user"_qs).toString(), u"ann"_qs);
}

void TestInProcess::changesAreToldLikeOverASocket() {
    FakeProvider provider;
    provider.setRows(3);
    InProcessSession session(provider, {u"ann"_qs, {}, 1});
    QSignalSpy spy(&session, &Session::changed);
    session.subscribe(u"nodes"_qs);
    QTRY_COMPARE(spy.size(), 1);
    QVERIFY(spy[0][1].toJsonObject().value(u"whole"_qs).toBool());
    for (int i = 1; i <= 100; ++i) {
        provider.touch(2, i);
    }
    QTRY_COMPARE(spy.size(), 2);
    const QJsonArray rows = spy[1][1].toJsonObject().value(u"rows"_qs).toArray();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0].toObject().value(u"value"_qs).toInt(), 100);
    session.unsubscribe(u"nodes"_qs);
    provider.touch(2, 101);
    std::optional<Result<QJsonObject>> marker;
    session.call(u"echo"_qs, {}, [&](const Result<QJsonObject> &answer) { marker = answer; });
    QTRY_VERIFY(marker.has_value());
    QCOMPARE(spy.size(), 2);
}

void TestInProcess::aLateAnswerToNobodyIsHarmless() {
    FakeProvider provider;
    bool told = false;
    {
        InProcessSession session(provider, {u"ann"_qs, {}, 1});
        session.call(u"keep"_qs, {}, [&](const Result<QJsonObject> &) { told = true; });
    }
    QCOMPARE(provider.present, 0);
    provider.release();
    QCoreApplication::sendPostedEvents();
    QVERIFY(!told);
}

QTEST_GUILESS_MAIN(TestInProcess)
#include "test_inprocess.moc"
