// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/scale.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>

namespace aviary {
namespace {

// The desktop's size, in Inter where it is installed.
QFont bodyFont(const QFont &desktop) {
    QFont font = desktop;
    if (QFontDatabase::hasFamily(QStringLiteral("Inter"))) {
        font.setFamilies({QStringLiteral("Inter"), desktop.family()});
    }
    return font;
}

bool isDarkPalette(const QPalette &palette) {
    return &tokensFor(palette) == &darkTokens();
}

} // namespace

Theme::Theme(QApplication &app, ThemeChoice choice) : app_(app), choice_(choice) {
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setFont(bodyFont(QApplication::font()));
    dress();
    app_.installEventFilter(this);
}

void Theme::choose(ThemeChoice choice) {
    choice_ = choice;
    dress();
}

bool Theme::eventFilter(QObject *object, QEvent *event) {
    const bool repainted =
        event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ThemeChange;
    if (repainted && !dressing_ && object == &app_ && choice_ == ThemeChoice::FollowDesktop) {
        dress();
    }
    return QObject::eventFilter(object, event);
}

void Theme::dress() {
    dressing_ = true;
    bool dark = choice_ == ThemeChoice::Dark;
    if (choice_ == ThemeChoice::FollowDesktop) {
        // Without a palette of ours, the application has that of the desktop.
        QApplication::setPalette(QPalette());
        dark = isDarkPalette(QApplication::palette());
    }
    const Tokens &tokens = dark ? darkTokens() : lightTokens();
    QApplication::setPalette(paletteFrom(tokens));
    app_.setStyleSheet(styleSheetFrom(tokens, Scale(QApplication::font())));
    dressing_ = false;
    if (dark != dark_) {
        dark_ = dark;
        Q_EMIT changed(dark);
    }
}

QPalette paletteFrom(const Tokens &tokens) {
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor &colour) {
        palette.setColor(QPalette::All, role, colour);
    };
    set(QPalette::Window, tokens(Role::Window));
    set(QPalette::WindowText, tokens(Role::Text));
    set(QPalette::Base, tokens(Role::Card));
    set(QPalette::AlternateBase, tokens(Role::Window));
    set(QPalette::Text, tokens(Role::Text));
    set(QPalette::PlaceholderText, tokens(Role::Dim));
    set(QPalette::Button, tokens(Role::Raised));
    set(QPalette::ButtonText, tokens(Role::Text));
    set(QPalette::BrightText, tokens(Role::OnAccent));
    set(QPalette::ToolTipBase, tokens(Role::Raised));
    set(QPalette::ToolTipText, tokens(Role::Text));
    set(QPalette::Highlight, tokens(Role::Selected));
    set(QPalette::HighlightedText, tokens(Role::Text));
    set(QPalette::Link, tokens(Role::Accent));
    set(QPalette::LinkVisited, tokens(Role::Accent));
    set(QPalette::Light, tokens(Role::Line));
    set(QPalette::Midlight, tokens(Role::Line));
    set(QPalette::Mid, tokens(Role::Line));
    set(QPalette::Dark, tokens(Role::Line));
    set(QPalette::Shadow, tokens(Role::Window));
    const QColor off = mixed(tokens(Role::Card), tokens(Role::Dim), 0.6);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        palette.setColor(QPalette::Disabled, role, off);
    }
    return palette;
}

bool motionAllowed(const QWidget *widget) {
    return widget->style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, widget) > 0;
}

} // namespace aviary
