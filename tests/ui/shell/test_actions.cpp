// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell/shellsamples.h"
#include "ui/shell/actiontable.h"
#include "ui/theme/icon.h"

#include <QAction>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace aviary;

class TestActions : public QObject {
    Q_OBJECT

    static const ActionLine &line(const char *id) {
        const ActionLine *found = actionLine(id);
        Q_ASSERT(found);
        return *found;
    }

private Q_SLOTS:
    void everyActionIsReachedByKeyboardAndHasItsIcon() {
        const QStringList icons = iconNames();
        std::set<QString> ids, keys;
        for (const ActionLine &one : actionLines()) {
            const QKeySequence sequence(QString::fromLatin1(one.keys));
            QVERIFY2(!sequence.isEmpty(), one.id);
            QVERIFY2(keys.insert(sequence.toString()).second, one.id);
            QVERIFY2(ids.insert(QString::fromLatin1(one.id)).second, one.id);
            QVERIFY2(icons.contains(QString::fromLatin1(one.icon)), one.icon);
            // Letters and digits alone belong to who types.
            const QString text = sequence.toString();
            const bool modified = text.contains(u'+') || text.startsWith(u'F') || text == u"?";
            QVERIFY2(modified, one.id);
            // What lacks a word must still read well.
            QVERIFY2(!actionText(one, {}).contains(u'{'), one.id);
            QVERIFY2(!actionText(one, {}).isEmpty(), one.id);
        }
    }

    void wordsAreFilledIn() {
        const ActionContext context = samples::waitingRollout();
        QCOMPARE(actionText(line("rollout.promote"), context), u"Promote to 25\u00a0%\u2026"_qs);
        QCOMPARE(actionText(line("rollout.rollback"), context), u"Roll back to v41"_qs);
        QCOMPARE(actionText(line("rollout.promote"), {}), u"Promote\u2026"_qs);
    }

    void refusalsSayWhatWouldAllowIt_data() {
        QTest::addColumn<ActionContext>("context");
        QTest::addColumn<QString>("promote");
        QTest::addColumn<QString>("pause");
        ActionContext context = samples::waitingRollout();
        QTest::newRow("allowed") << context << QString() << QString();
        context.stale = u"the data is 48 s old"_qs;
        QTest::newRow("stale blocks only what raises exposure")
            << context << u"the data is 48 s old; it is on again once edge-eu answers"_qs
            << QString();
        context.locked = true;
        QTest::newRow("a lock blocks only what raises exposure")
            << context << u"edge-eu is read-only; unlock it first"_qs << QString();
        context.as_of = u"09:48:12"_qs;
        const QString travel = u"actions are off while you view 09:48:12; go back to live first"_qs;
        QTest::newRow("time travel") << context << travel << travel;
        QTest::newRow("nothing chosen")
            << ActionContext{} << u"choose a rollout first"_qs << u"choose a rollout first"_qs;
        QTest::newRow("not permitted")
            << samples::otherRollouts().front() << u"it is completed"_qs << u"it is completed"_qs;
    }

    void refusalsSayWhatWouldAllowIt() {
        QFETCH(ActionContext, context);
        QFETCH(QString, promote);
        QFETCH(QString, pause);
        QCOMPARE(actionRefusal(line("rollout.promote"), context), promote);
        QCOMPARE(actionRefusal(line("rollout.pause"), context), pause);
        // Looking is always possible.
        QCOMPARE(actionRefusal(line("view.fleet"), context), QString());
    }

    void commandsAreThoseOfTheCommandLine() {
        ActionContext context = samples::waitingRollout();
        QCOMPARE(actionCommand(line("rollout.promote"), context),
                 u"aviary promote checkout-api --to 25 --cluster edge-eu"_qs);
        QCOMPARE(actionCommand(line("rollout.promote-full"), context),
                 u"aviary promote checkout-api --full --cluster edge-eu"_qs);
        QCOMPARE(actionCommand(line("rollout.rollback"), context),
                 u"aviary rollback checkout-api --cluster edge-eu"_qs);
        QCOMPARE(actionCommand(line("window.theme"), context), QString());
        QCOMPARE(actionCommand(line("rollout.promote"), {}), QString());
        context.host = u"ops@depot"_qs;
        QCOMPARE(actionCommand(line("rollout.rollback"), context),
                 u"aviary --host ops@depot rollback checkout-api --cluster edge-eu"_qs);
    }

    void aShellReadsBackWhatWasQuoted_data() {
        QTest::addColumn<QString>("word");
        QTest::newRow("plain") << u"checkout-api"_qs;
        QTest::newRow("space") << u"two words"_qs;
        QTest::newRow("quote") << u"it's"_qs;
        QTest::newRow("command") << u"$(reboot) `x` ; rm"_qs;
        QTest::newRow("line end") << u"a\nb"_qs;
        QTest::newRow("flag of the shell") << u"*?~!#&|<>\\\""_qs;
    }

    void aShellReadsBackWhatWasQuoted() {
        QFETCH(QString, word);
        QProcess shell;
        shell.start(u"/bin/sh"_qs, {u"-c"_qs, u"printf %s " + shellWord(word)});
        QVERIFY(shell.waitForFinished(5'000));
        QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), word);
    }

    void actionsFollowTheContext() {
        ActionTable table;
        QAction *promote = table.action("rollout.promote");
        QVERIFY(promote);
        QVERIFY(!promote->isEnabled());
        QCOMPARE(promote->statusTip(), u"choose a rollout first"_qs);
        table.setContext(samples::waitingRollout());
        QVERIFY(promote->isEnabled());
        QCOMPARE(promote->text(), u"Promote to 25\u00a0%\u2026"_qs);
        QCOMPARE(promote->iconText(), promote->text());
        QCOMPARE(table.action("rollout.pause")->text(), u"Pause checkout-api"_qs);
        QCOMPARE(table.action("rollout.pause")->iconText(), u"Pause"_qs);
        QVERIFY(!table.action("rollout.resume")->isEnabled());
        QSignalSpy triggered(&table, &ActionTable::triggered);
        promote->trigger();
        QCOMPARE(triggered.front().front().toString(), u"rollout.promote"_qs);
        QVERIFY(!table.action("no.such"));
    }

    void namesFromOutsideStayPlain() {
        ActionContext context = samples::waitingRollout();
        context.service = u"<b>evil</b>\u202E\n"_qs + QString(500, u'x');
        ActionTable table;
        table.setContext(context);
        const QString text = table.action("rollout.pause")->text();
        QVERIFY(text.size() < 80);
        QVERIFY(!text.contains(u'\u202E') && !text.contains(u'\n'));
        QVERIFY(table.action("rollout.pause")->toolTip().contains(u"&lt;b&gt;"));
    }
};

QTEST_MAIN(TestActions)
#include "test_actions.moc"
