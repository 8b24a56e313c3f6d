// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QObject>
#include <QPalette>

class QApplication;

namespace aviary {

class Scale;

enum class ThemeChoice { FollowDesktop, Dark, Light };

// Dresses the application: Fusion with our palette, one small style sheet and the font. Pieces
// never ask it anything; they read their palette.
class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QApplication &app, ThemeChoice choice = ThemeChoice::FollowDesktop);

    ThemeChoice choice() const { return choice_; }
    void choose(ThemeChoice choice);
    bool isDark() const { return dark_; }

Q_SIGNALS:
    void changed(bool dark);

protected:
    // The desktop changed its colours.
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void dress();

    QApplication &app_;
    ThemeChoice choice_;
    bool dark_ = false;
    bool dressing_ = false;
};

// The palette that Fusion is given.
QPalette paletteFrom(const Tokens &tokens);

// The style sheet: cards, buttons, labels, fields, tables, scroll bars. What it reads are dynamic
// properties that Card, Label and ActionButton set.
QString styleSheetFrom(const Tokens &tokens, const Scale &scale);

// Whether things may move on screen: the desktop says so.
bool motionAllowed(const QWidget *widget);
inline constexpr int motion_ms = 150;

} // namespace aviary
