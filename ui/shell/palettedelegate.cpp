// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palettedelegate.h"

#include "ui/shell/palettemodel.h"
#include "ui/theme/actionbutton.h"
#include "ui/theme/icon.h"
#include "ui/theme/scale.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace aviary {
namespace {

constexpr qreal row_px = 34;
constexpr qreal side_px = 12;
constexpr qreal icon_px = 16;

QFont commandFont(const Scale &scale) {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QFont size = scale.font(TextSize::Axis);
    if (size.pointSizeF() > 0) {
        font.setPointSizeF(size.pointSizeF());
    } else {
        font.setPixelSize(size.pixelSize());
    }
    return font;
}

// Places parts of a row one after the other, from either side.
class Row {
public:
    Row(QPainter &painter, const QRectF &rect, bool mirrored)
        : painter_(painter), rect_(rect), free_(rect), mirrored_(mirrored) {}

    QRectF takeStart(qreal width) { return take(width, !mirrored_); }
    QRectF takeEnd(qreal width) { return take(width, mirrored_); }
    qreal room() const { return std::max(0.0, free_.width()); }

    void text(const QRectF &place, const QString &text) {
        const QFontMetricsF metrics(painter_.font());
        const QString shown = metrics.elidedText(text, Qt::ElideRight, place.width());
        const Qt::Alignment side = mirrored_ ? Qt::AlignRight : Qt::AlignLeft;
        painter_.drawText(place,
                          static_cast<int>(side | Qt::AlignVCenter | Qt::AlignAbsolute) |
                              Qt::TextSingleLine,
                          shown);
    }

private:
    QRectF take(qreal width, bool left) {
        const qreal taken = std::min(width, room());
        QRectF place(left ? free_.left() : free_.right() - taken, rect_.top(), taken,
                     rect_.height());
        left ? free_.setLeft(place.right()) : free_.setRight(place.left());
        return place;
    }

    QPainter &painter_;
    QRectF rect_, free_;
    bool mirrored_;
};

} // namespace

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const {
    return {0, Scale(option.font).whole(row_px)};
}

void PaletteDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const {
    const Tokens &tokens = tokensFor(option.palette);
    const Scale scale(option.font);
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->fillRect(option.rect, tokens(Role::Selected));
    }
    const qreal side = scale(side_px);
    Row row(*painter, QRectF(option.rect).adjusted(side, 0, -side, 0),
            option.direction == Qt::RightToLeft);
    const bool enabled = index.data(PaletteModel::EnabledRole).toBool();
    const QColor words = tokens(enabled ? Role::Text : Role::Dim);
    const QRectF icon = row.takeStart(scale(icon_px));
    paintIcon(*painter, icon, index.data(PaletteModel::IconRole).toString(), tokens(Role::Dim));
    row.takeStart(scale(10));

    const QString keys = index.data(PaletteModel::KeysRole).toString();
    painter->setFont(option.font);
    if (!keys.isEmpty() && enabled) {
        paintKeys(*painter, row.takeEnd(keysWidth(option.font, keys)), keys, tokens(Role::Dim));
        row.takeEnd(scale(10));
    }
    const QString title = index.data(Qt::DisplayRole).toString();
    const QFontMetricsF metrics(option.font);
    painter->setPen(words);
    row.text(row.takeStart(metrics.horizontalAdvance(title) + 1), title);
    row.takeStart(scale(10));

    const QString command = enabled ? index.data(PaletteModel::CommandRole).toString() : QString();
    const QString effect = index.data(PaletteModel::EffectRole).toString();
    painter->setPen(tokens(Role::Dim));
    const QFont fixed = commandFont(scale);
    const QFont caption = scale.font(TextSize::Caption);
    const qreal command_width = QFontMetricsF(fixed).horizontalAdvance(command) + 1;
    const qreal effect_width = QFontMetricsF(caption).horizontalAdvance(effect) + 1;
    // The command line is shown whole or, where there is no room beside the effect, not at all.
    if (!command.isEmpty() && command_width + effect_width + scale(16) <= row.room()) {
        painter->setFont(fixed);
        row.text(row.takeEnd(command_width), command);
        row.takeEnd(scale(16));
    }
    painter->setFont(caption);
    row.text(row.takeStart(row.room()), effect);
    painter->restore();
}

} // namespace aviary
