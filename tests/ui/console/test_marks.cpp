// SPDX-License-Identifier: GPL-3.0-or-later
// The history in the real window over sample data: marks, tags, and two deployments beside each
// other with what was to be expected.
#include "core/api/valuesjson.h"
#include "tests/core/travel/recorded.h"
#include "tests/ui/console/consolehouse.h"
#include "ui/charts/scrubber.h"
#include "ui/history/historyview.h"

#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {
constexpr int rehearsal_ms_max = 120'000;
} // namespace

class TestMarks : public QObject {
    Q_OBJECT

    std::unique_ptr<ConsoleHouse> house_;
    HistoryView *view_ = nullptr;

    void choose(const QString &id) {
        view_->select({id});
        QTRY_COMPARE(view_->selected(), QStringList{id});
    }
    QPushButton *button(const QString &words) {
        for (QPushButton *one : view_->findChildren<QPushButton *>()) {
            if (one->isVisibleTo(view_) && one->text().contains(words)) {
                return one;
            }
        }
        return nullptr;
    }
    bool shows(const QString &text) {
        for (const QLabel *label : view_->findChildren<QLabel *>()) {
            if (label->isVisibleTo(view_) && label->text().contains(text)) {
                return true;
            }
        }
        return false;
    }
    // What was asked, once the person confirmed it.
    QJsonObject confirmed(const QString &verb) {
        Requester &requester = house_->console().requester();
        if (!requester.question()) {
            return {};
        }
        requester.confirm({}, {});
        return QTest::qWaitFor([&] { return house_->asked(verb) > 0; }) ? house_->lastAsked(verb)
                                                                        : QJsonObject();
    }

private Q_SLOTS:
    void init() {
        house_ = std::make_unique<ConsoleHouse>();
        QVERIFY(house_->settle());
        house_->window().show();
        house_->window().showView(u"view.history"_qs);
        view_ = house_->window().findChild<HistoryView *>();
        QTRY_COMPARE(view_->shown().size(), 8u);
    }
    void cleanup() { house_.reset(); }

    void aRevisionIsMarkedBadAndTheMarkTakenAway() {
        choose(u"checkout-api-8"_qs);
        QTRY_VERIFY(button(u"Mark v41 bad"_qs));
        button(u"Mark v41 bad"_qs)->click();
        QJsonObject asked = confirmed(u"deployment.bad"_qs);
        QCOMPARE(asked[u"key"].toString(), u"checkout-api"_qs);
        QCOMPARE(asked[u"revision"].toString(), u"v41"_qs);
        QVERIFY(asked[u"bad"].toBool());
        choose(u"checkout-api-7"_qs);
        QTRY_VERIFY(shows(u"bad: no plan chooses v40 unasked"_qs));
        button(u"Take the bad mark of v40 away"_qs)->click();
        house_->console().requester().confirm({}, {});
        QTRY_COMPARE(house_->asked(u"deployment.bad"_qs), 2);
        QVERIFY(!house_->lastAsked(u"deployment.bad"_qs)[u"bad"].toBool(true));
    }

    void aTagIsAddedAndTakenAway() {
        choose(u"checkout-api-8"_qs);
        QTRY_VERIFY(shows(u"last-good"_qs));
        auto *tag = view_->findChildren<QLineEdit *>().last();
        for (QLineEdit *line : view_->findChildren<QLineEdit *>()) {
            tag = line->accessibleName() == u"Tag of this version" ? line : tag;
        }
        tag->setText(u"audited"_qs);
        button(u"Add the tag"_qs)->click();
        QJsonObject asked = confirmed(u"deployment.tag"_qs);
        QCOMPARE(asked[u"tag"].toString(), u"audited"_qs);
        QCOMPARE(asked[u"version"].toInt(), 8);
        QVERIFY(!asked[u"remove"].toBool());
        tag->setText(u"last-good"_qs);
        QVERIFY(button(u"Take the tag away"_qs));
        button(u"Take the tag away"_qs)->click();
        house_->console().requester().confirm({}, {});
        QTRY_COMPARE(house_->asked(u"deployment.tag"_qs), 2);
        QVERIFY(house_->lastAsked(u"deployment.tag"_qs)[u"remove"].toBool());
    }

    void twoAreComparedWithWhatWasToBeExpected() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"a.run.jsonl"_qs);
        record::Run run = tests::recordedRun(12, 3, 60, u"R0"_qs);
        QVERIFY(record::saveRun(path, run));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString lines = QString::fromUtf8(file.readAll());
        const auto recorded = travel::RecordedRun::of(std::move(run));
        QVERIFY(recorded && (*recorded)->goToEntry((*recorded)->entries()));
        const QJsonObject detail = api::toJson((*recorded)->detail({}));
        house_->provider().answer(u"rollout.get"_qs,
                                  [detail](const QJsonObject &) { return detail; });
        house_->provider().answer(u"run.export"_qs, [lines](const QJsonObject &) {
            return QJsonObject{{u"jsonl"_qs, lines}};
        });
        Q_EMIT view_->compareWanted({u"checkout-api-7"_qs, u"checkout-api-8"_qs});
        QTRY_VERIFY_WITH_TIMEOUT(shows(u"and as rehearsed"_qs), rehearsal_ms_max);
        QTRY_VERIFY(shows(u"% complete"_qs));
        QTRY_VERIFY(shows(u"past updates"_qs)); // what it was rehearsed with
        for (const QLabel *label : view_->findChildren<QLabel *>()) {
            QVERIFY(!label->text().contains(u"1970"));
        }
    }

    void withoutADaemonNoTimeIsMadeUp() {
        house_ = std::make_unique<ConsoleHouse>(u"empty"_qs);
        house_->window().showView(u"view.history"_qs);
        auto *scrubber = house_->window().findChild<Scrubber *>();
        QVERIFY(scrubber->value().begin_ms > 1'000'000'000'000);
        for (const QLabel *label : house_->window().findChildren<QLabel *>()) {
            QVERIFY2(!label->text().contains(u"1970"), qPrintable(label->text()));
            QVERIFY2(!label->text().contains(u"1/1/70"), qPrintable(label->text()));
        }
    }
};

QTEST_MAIN(TestMarks)
#include "test_marks.moc"
