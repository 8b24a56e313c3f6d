// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/journeys/windowhouse.h"

#include "core/api/words.h"
#include "ui/console/links.h"
#include "ui/shell/actiontable.h"
#include "ui/theme/piece.h"
#include "ui/theme/prose.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QLabel>
#include <QTest>

#include <algorithm>

namespace aviary::tests {

using namespace Qt::Literals;

WindowHouse::WindowHouse(const api::Places &places, Starting starting)
    : settings_(directory_.filePath(u"settings.ini"_qs), QSettings::IniFormat)
    , theme_(*qApp, ThemeChoice::Dark) {
    Surroundings here;
    here.local_clusters = places.state + u"/clusters"_qs;
    console_ = std::make_unique<Console>(desks_, Settings(settings_), theme_, here);
    console_->complete();
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
    return confirmByKeys();
}

bool WindowHouse::confirmByKeys() {
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

QStringList WindowHouse::texts() {
    QStringList texts;
    for (const QLabel *label : window().findChildren<QLabel *>()) {
        texts << (label->isVisible() ? label->text() : QString());
    }
    for (const Prose *prose : window().findChildren<Prose *>()) {
        texts << (prose->isVisible() ? prose->text() : QString());
    }
    for (const QAbstractButton *button : window().findChildren<QAbstractButton *>()) {
        texts << (button->isVisible() ? button->text() : QString());
    }
    for (const QAbstractItemView *view : window().findChildren<QAbstractItemView *>()) {
        const QAbstractItemModel *model = view->isVisible() ? view->model() : nullptr;
        for (int row = 0; model && row < model->rowCount(); ++row) {
            for (int column = 0; column < model->columnCount(); ++column) {
                texts << model->index(row, column).data().toString();
            }
        }
    }
    for (const Piece *painted : window().findChildren<Piece *>()) {
        texts << (painted->isVisible() ? painted->accessibleDescription() : QString());
    }
    texts.removeAll(QString());
    return texts;
}

bool WindowHouse::sees(const QString &text) {
    return std::ranges::any_of(texts(),
                               [&text](const QString &shown) { return shown.contains(text); });
}

bool WindowHouse::untilSeen(const QString &text, int wait_ms) {
    return until([&] { return sees(text); }, wait_ms);
}

QAbstractButton *WindowHouse::button(const QString &words) {
    for (QWidget *top : QApplication::topLevelWidgets()) {
        for (QAbstractButton *button : top->findChildren<QAbstractButton *>()) {
            if (button->isVisible() && button->text().startsWith(words)) {
                return button;
            }
        }
    }
    return nullptr;
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
    lines << u"shows "_qs + texts().join(u" | "_qs);
    return lines.join(u'\n').toUtf8();
}

QString written(const QTemporaryDir &folder, const QString &name, const QByteArray &text) {
    QFile file(folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName()
                                                                              : QString();
}

} // namespace aviary::tests
