// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/journeys/windowhouse.h"

#include "core/api/words.h"
#include "ui/console/links.h"
#include "ui/shell/actiontable.h"

#include <QAction>
#include <QTest>

namespace aviary::tests {

using namespace Qt::Literals;

WindowHouse::WindowHouse(const api::Places &places, Starting starting)
    : settings_(directory_.filePath(u"settings.ini"_qs), QSettings::IniFormat)
    , theme_(*qApp, ThemeChoice::Dark) {
    Surroundings here;
    here.local_clusters = places.state + u"/clusters"_qs;
    console_ = std::make_unique<Console>(desks_, Settings(settings_), theme_, here);
    addLocalDesk(desks_, places, u"the journey"_qs, starting);
    window().show();
}

bool WindowHouse::until(const std::function<bool()> &so, int wait_ms) {
    return QTest::qWaitFor(so, wait_ms);
}

void WindowHouse::press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
    QWidget *focus = QApplication::focusWidget();
    QTest::keyClick(focus ? focus : &window(), key, modifiers);
}

bool WindowHouse::askByKeys(const char *action) {
    QAction *wanted = window().actions().action(action);
    if (!until([&] { return wanted->isEnabled(); })) {
        return false;
    }
    const QKeyCombination keys = wanted->shortcut()[0];
    press(keys.key(), keys.keyboardModifiers());
    const bool stated = until([this] {
        const auto &question = console().requester().question();
        return question && question->complete && question->blocked.isEmpty();
    });
    if (stated) {
        press(Qt::Key_Return);
    }
    return stated && !console().requester().question();
}

OutcomeLine WindowHouse::outcome() {
    const auto lines = console().requester().outcomes().lines();
    return lines.empty() ? OutcomeLine{} : lines.front();
}

bool WindowHouse::untilOutcome(api::Outcome wanted, int wait_ms) {
    return until([&] { return !outcome().id.isEmpty() && outcome().outcome == wanted; }, wait_ms);
}

kernel::Status WindowHouse::status(const QString &rollout) {
    const api::RolloutRow *row = desk().rollout(rollout);
    return row ? row->status : kernel::Status::Draft;
}

bool WindowHouse::untilStatus(const QString &rollout, kernel::Status wanted, int wait_ms) {
    return until([&] { return status(rollout) == wanted; }, wait_ms);
}

QByteArray WindowHouse::story() {
    QStringList lines{u"view "_qs + window().shownView(), u"trouble "_qs + desk().trouble()};
    for (const api::RolloutRow &row : desk().rollouts()) {
        lines << row.service + u' ' + row.to + u' ' + api::wordOf(row.status) + u": "_qs +
                     row.headline;
    }
    for (const OutcomeLine &line : console().requester().outcomes().lines()) {
        lines << line.what + u' ' + api::wordOf(line.outcome) + u": "_qs + line.text;
    }
    if (const auto &question = console().requester().question()) {
        lines << u"asks "_qs + question->title + u" blocked "_qs + question->blocked;
        for (const Fact &fact : question->facts) {
            lines << fact.label + u": "_qs + fact.text;
        }
    }
    if (const QWidget *focus = QApplication::focusWidget()) {
        lines << u"keys go to "_qs + focus->accessibleName();
    }
    for (const char *id : {"rollout.promote", "rollout.pause", "rollout.resume"}) {
        const QAction *action = window().actions().action(id);
        lines << QString::fromLatin1(id) + (action->isEnabled() ? u" on"_qs : u" off"_qs) +
                     u": "_qs + action->toolTip();
    }
    return lines.join(u'\n').toUtf8();
}

} // namespace aviary::tests
