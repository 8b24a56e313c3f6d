// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/scale.h"
#include "ui/theme/theme.h"

#include <QHash>

namespace aviary {
namespace {

// @name stands for a colour, #n# for n design pixels, %name% for a font size.
const char *const sheet = R"(
QFrame[card="true"] { background: @card; border: 1px solid @line; border-radius: #8#; }
QFrame[card="bad"] { background: @card; border: 1px solid @bad; border-radius: #8#; }
QFrame[card="attention"] { background: @card; border: 1px solid @attention; border-left-width: #3#;
    border-radius: #4#; }
QFrame[card="true"] QLabel, QFrame[card="bad"] QLabel { background: transparent; }
QLabel[textSize="title"] { font-size: %title%; font-weight: 600; }
QLabel[textSize="subtitle"] { font-size: %subtitle%; }
QLabel[textSize="caption"] { font-size: %caption%; }
QLabel[textSize="axis"] { font-size: %axis%; }
QLabel[weight="strong"] { font-weight: 600; }
QLabel[tone="dim"] { color: @dim; }
QLabel[tone="good"] { color: @good; }
QLabel[tone="attention"] { color: @attention; }
QLabel[tone="bad"] { color: @bad; }
QPushButton { background: @raised; border: 1px solid @line; border-radius: #6#;
    padding: #5# #14#; font-weight: 500; color: @text; }
QPushButton:hover { border-color: @oldline; }
QPushButton:pressed { background: @selected; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @off; background: @card; }
QPushButton[kind="primary"] { background: @accent; border-color: @accent; color: @onaccent;
    font-weight: 600; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: @accenthover; }
QPushButton[kind="primary"]:focus { border-color: @text; }
QPushButton[kind="primary"]:disabled { background: @accentoff; border-color: @accentoff;
    color: @onaccentoff; }
QPushButton[kind="danger"] { background: transparent; border-color: @bad; color: @bad; }
QPushButton[kind="danger"]:hover { background: @badsoft; }
QPushButton[kind="danger"]:focus { border-color: @text; }
QPushButton[kind="danger"]:disabled { border-color: @line; color: @off; }
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QComboBox { background: @field;
    border: 1px solid @line; border-radius: #6#; padding: #4# #8#; color: @text;
    selection-background-color: @accent; selection-color: @onaccent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QComboBox:focus {
    border-color: @accent; }
QComboBox::drop-down { border: none; width: #20#; }
QLineEdit[fault="true"] { border-color: @bad; }
QTableView, QTreeView, QListView { background: @card; border: none; outline: none;
    gridline-color: @line; selection-background-color: @selected; selection-color: @text; }
QHeaderView { background: @card; border: none; }
QHeaderView::section { background: @card; color: @dim; border: none;
    border-bottom: 1px solid @line; padding: #5# #8#; font-weight: 400; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: #4#; }
QScrollBar:vertical { background: transparent; width: #10#; margin: 0; }
QScrollBar:horizontal { background: transparent; height: #10#; margin: 0; }
QScrollBar::handle { background: @oldfill; border-radius: #3#; margin: #2#; }
QScrollBar::handle:vertical { min-height: #24#; }
QScrollBar::handle:horizontal { min-width: #24#; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; width: 0; height: 0; }
QFrame[edge="true"] { background: @line; border: none; }
QToolButton[kind="name"] { background: transparent; border: 1px solid transparent;
    border-radius: #6#; font-weight: 600; padding: #3# #6#; }
QToolButton[kind="name"]:hover, QToolButton[kind="name"]:focus { border-color: @line; }
QToolButton[kind="name"]::menu-indicator { image: none; }
QToolButton[kind="choice"] { background: transparent; border: 1px solid transparent;
    border-radius: #4#; color: @dim; font-size: %caption%; padding: #1# #5#; }
QToolButton[kind="choice"]:checked { color: @text; background: @raised; }
QToolButton[kind="choice"]:hover, QToolButton[kind="choice"]:focus { border-color: @oldline; }
QSplitter::handle { background: transparent; }
)";

QHash<QString, QString> colourNames(const Tokens &tokens) {
    const auto name = [&tokens](Role role) { return tokens(role).name(); };
    const QColor accent = tokens(Role::Accent);
    const QColor card = tokens(Role::Card);
    return {
        {QStringLiteral("card"), name(Role::Card)},
        {QStringLiteral("line"), name(Role::Line)},
        {QStringLiteral("text"), name(Role::Text)},
        {QStringLiteral("dim"), name(Role::Dim)},
        {QStringLiteral("accent"), name(Role::Accent)},
        {QStringLiteral("accenthover"), mixed(accent, tokens(Role::Text), 0.15).name()},
        {QStringLiteral("accentoff"), mixed(card, accent, 0.45).name()},
        {QStringLiteral("onaccentoff"), mixed(card, tokens(Role::OnAccent), 0.8).name()},
        {QStringLiteral("good"), name(Role::Good)},
        {QStringLiteral("attention"), name(Role::Attention)},
        {QStringLiteral("bad"), name(Role::Bad)},
        {QStringLiteral("badsoft"), mixed(card, tokens(Role::Bad), 0.12).name()},
        {QStringLiteral("raised"), name(Role::Raised)},
        {QStringLiteral("field"), name(Role::Field)},
        {QStringLiteral("selected"), name(Role::Selected)},
        {QStringLiteral("onaccent"), name(Role::OnAccent)},
        {QStringLiteral("onattention"), name(Role::OnAttention)},
        {QStringLiteral("oldfill"), name(Role::OldFill)},
        {QStringLiteral("oldline"), name(Role::OldLine)},
        {QStringLiteral("off"), mixed(card, tokens(Role::Dim), 0.6).name()},
    };
}

QString fontSize(const QFont &font) {
    return font.pointSizeF() > 0 ? QString::number(font.pointSizeF()) + QStringLiteral("pt")
                                 : QString::number(font.pixelSize()) + QStringLiteral("px");
}

bool isWordCharacter(QChar c) {
    return c >= u'a' && c <= u'z';
}

// The text between position + 1 and the next character that does not belong to it.
template <class Belongs>
QString wordAfter(const QString &text, qsizetype position, Belongs belongs) {
    qsizetype end = position + 1;
    while (end < text.size() && belongs(text[end])) {
        ++end;
    }
    return text.mid(position + 1, end - position - 1);
}

} // namespace

QString styleSheetFrom(const Tokens &tokens, const Scale &scale) {
    const QHash<QString, QString> colours = colourNames(tokens);
    const QHash<QString, QString> sizes{
        {QStringLiteral("title"), fontSize(scale.font(TextSize::Title))},
        {QStringLiteral("subtitle"), fontSize(scale.font(TextSize::Subtitle))},
        {QStringLiteral("caption"), fontSize(scale.font(TextSize::Caption))},
        {QStringLiteral("axis"), fontSize(scale.font(TextSize::Axis))},
    };
    const QString text = QString::fromLatin1(sheet);
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'@') {
            const QString word = wordAfter(text, i, isWordCharacter);
            out += colours.value(word);
            i += word.size();
        } else if (text[i] == u'%') {
            const QString word = wordAfter(text, i, isWordCharacter);
            out += sizes.value(word);
            i += word.size() + 1;
        } else if (text[i] == u'#') {
            const QString word = wordAfter(text, i, [](QChar c) { return c.isDigit(); });
            const int pixels = word.toInt();
            out += QString::number(pixels == 0 ? 0 : scale.whole(pixels)) + QStringLiteral("px");
            i += word.size() + 1;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace aviary
