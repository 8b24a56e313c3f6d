// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/actionbutton.h"

#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QAction>
#include <QFontMetricsF>
#include <QPainter>
#include <QStyle>
#include <QStyleOptionButton>
#include <QStylePainter>

#include <cmath>

namespace aviary {
namespace {

constexpr qreal side_px = 14;
constexpr qreal gap_px = 8;
constexpr qreal height_px = 30;
constexpr qreal keys_side_px = 4;

QString nameOf(ActionButton::Kind kind) {
    switch (kind) {
    case ActionButton::Kind::Plain:
        return QStringLiteral("plain");
    case ActionButton::Kind::Primary:
        return QStringLiteral("primary");
    case ActionButton::Kind::Danger:
        return QStringLiteral("danger");
    }
    return {};
}

// The weight is the style sheet's too; the width must not depend on when it was read.
QFont wordsFont(const Scale &scale, ActionButton::Kind kind) {
    return scale.font(TextSize::Body,
                      kind == ActionButton::Kind::Primary ? QFont::DemiBold : QFont::Medium);
}

} // namespace

QString keysText(const QKeySequence &keys) {
    return keys.toString(QKeySequence::NativeText).replace(u'+', u' ');
}

qreal keysWidth(const QFont &font, const QString &keys) {
    const Scale scale(font);
    return QFontMetricsF(scale.font(TextSize::Axis)).horizontalAdvance(keys) +
           2 * scale(keys_side_px) + 1;
}

qreal paintKeys(QPainter &painter, const QRectF &rect, const QString &keys, const QColor &colour) {
    const Scale scale(painter.font());
    const QFont font = scale.font(TextSize::Axis);
    const qreal width = keysWidth(painter.font(), keys);
    const qreal height = QFontMetricsF(font).height() + scale(2);
    const QRectF frame(rect.left() + 0.5, std::round(rect.center().y() - height / 2) + 0.5, width,
                       height);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor line = colour;
    line.setAlphaF(colour.alphaF() * 0.45F);
    painter.setPen(QPen(line, scale.line(1)));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(frame, scale(3), scale(3));
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(frame, Qt::AlignCenter | Qt::TextSingleLine, keys);
    painter.restore();
    return width;
}

ActionButton::ActionButton(QAction *action, Kind kind, QWidget *parent)
    : QPushButton(parent), action_(action), kind_(kind) {
    setProperty("kind", nameOf(kind));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, this, &ActionButton::follow);
    follow();
}

void ActionButton::setKind(Kind kind) {
    kind_ = kind;
    setProperty("kind", nameOf(kind));
    style()->unpolish(this);
    style()->polish(this);
    updateGeometry();
}

void ActionButton::setCompact(bool compact) {
    if (compact_ != compact) {
        compact_ = compact;
        updateGeometry();
        update();
    }
}

void ActionButton::follow() {
    setEnabled(action_->isEnabled());
    setAccessibleName(action_->text());
    setAccessibleDescription(action_->statusTip());
    setToolTip(action_->toolTip());
    setVisible(action_->isVisible());
    updateGeometry();
    update();
}

QString ActionButton::shortcutText() const {
    return compact_ ? QString() : keysText(action_->shortcut());
}

QSize ActionButton::sizeHint() const {
    const Scale scale = Scale::of(this);
    const QFont words = wordsFont(scale, kind_);
    qreal width =
        2 * scale(side_px) + QFontMetricsF(words).horizontalAdvance(action_->iconText()) + 1;
    if (!shortcutText().isEmpty()) {
        width += scale(gap_px) + keysWidth(font(), shortcutText());
    }
    return {static_cast<int>(std::ceil(width)), scale.whole(height_px)};
}

void ActionButton::paintEvent(QPaintEvent *) {
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    option.text.clear();
    painter.drawControl(QStyle::CE_PushButton, option);
    // The colour that the style sheet gives the words in this state.
    const QColor colour =
        palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::ButtonText);
    const Scale scale = Scale::of(this);
    const QString keys = shortcutText();
    const QFont words = wordsFont(scale, kind_);
    const qreal text_width = QFontMetricsF(words).horizontalAdvance(action_->iconText()) + 1;
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    QRectF text(scale(side_px), 0, text_width, height());
    QRectF box(text.right() + scale(gap_px), 0, keysWidth(font(), keys), height());
    if (mirrored) {
        text.moveRight(width() - scale(side_px));
        box.moveRight(text.left() - scale(gap_px));
    }
    painter.setFont(words);
    painter.setPen(colour);
    painter.drawText(text, Qt::AlignCenter | Qt::TextSingleLine, action_->iconText());
    if (!keys.isEmpty()) {
        painter.setFont(font());
        paintKeys(painter, box, keys,
                  kind_ == Kind::Plain && isEnabled() ? tokensOf(this)(Role::Dim) : colour);
    }
}

} // namespace aviary
