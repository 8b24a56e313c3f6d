// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/words.h"
#include "ui/charts/fleetmap.h"
#include "ui/charts/paint.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPaintEvent>

#include <algorithm>
#include <cstring>

namespace aviary {

// Copies the part of a tile that is inside the image.
void FleetMap::blit(const QImage &tile, QPoint at) {
    const int left = std::max(0, at.x());
    const int right = std::min(image_.width(), at.x() + tile.width());
    const int top = std::max(0, at.y());
    const int bottom = std::min(image_.height(), at.y() + tile.height());
    if (left >= right) {
        return;
    }
    const auto bytes = static_cast<std::size_t>(right - left) * sizeof(QRgb);
    const qsizetype stride = image_.bytesPerLine();
    uchar *target = image_.bits() + top * stride + left * static_cast<qsizetype>(sizeof(QRgb));
    const uchar *source = tile.constBits() + (top - at.y()) * tile.bytesPerLine() +
                          (left - at.x()) * static_cast<qsizetype>(sizeof(QRgb));
    for (int y = top; y < bottom; ++y) {
        std::memcpy(target, source, bytes);
        target += stride;
        source += tile.bytesPerLine();
    }
}

void FleetMap::drawCell(std::size_t node) {
    blit(tiles_->tile(value_.cells[node], selected_[node]), layout_.cell(node).topLeft() - offset_);
}

void FleetMap::drawBlock(const FleetBlock &block) {
    const QRect seen(offset_, image_.size());
    const int square = layout_.square;
    const int rows = block.grid.height() / square;
    const int first_row = std::clamp((seen.top() - block.grid.top()) / square, 0, rows);
    const int end_row = std::clamp((seen.bottom() - block.grid.top()) / square + 1, 0, rows);
    const QPoint origin = block.grid.topLeft() - offset_;
    for (int row = first_row; row < end_row; ++row) {
        const std::size_t start =
            static_cast<std::size_t>(row) * static_cast<std::size_t>(block.columns);
        const std::size_t end =
            std::min(start + static_cast<std::size_t>(block.columns), block.count);
        for (std::size_t place = start; place < end; ++place) {
            const int column = static_cast<int>(place - start);
            const int from_left = layout_.mirrored ? block.columns - 1 - column : column;
            const std::size_t node = block.first + place;
            blit(tiles_->tile(value_.cells[node], selected_[node]),
                 origin + QPoint(from_left * square, row * square));
        }
    }
}

void FleetMap::render() {
    const QSize size = measures().viewport;
    if (image_.size() != size) {
        image_ = QImage(size, QImage::Format_RGB32);
    }
    image_.setDevicePixelRatio(1);
    image_.fill(tokens()(Role::Card));
    if (!tiles_) {
        tiles_ = std::make_unique<FleetTiles>(layout_.square, tokens(), value_.tints);
    }
    const QRect seen(offset_, size);
    for (const FleetBlock &block : layout_.blocks) {
        if (block.grid.intersects(seen)) {
            drawBlock(block);
        }
    }
    image_valid_ = true;
}

void FleetMap::paintEvent(QPaintEvent *event) {
    if (!image_valid_) {
        render();
    }
    QPainter painter(this);
    // The image has one pixel for each of the device's, whatever the scale.
    const qreal ratio = devicePixelRatioF();
    const QRect part = event->rect();
    painter.drawImage(QRectF(part), image_,
                      QRectF(QPointF(part.topLeft()) * ratio, QSizeF(part.size()) * ratio));
    paintLabels(painter);
    paintMarks(painter);
    paintCard(painter);
}

QString FleetMap::labelOf(std::size_t site_index) const {
    const FleetSite &site = value_.sites[site_index];
    QString text =
        site.name + QStringLiteral(", ") + countText(static_cast<std::int64_t>(site.count));
    if (!site.note.isEmpty()) {
        text += QStringLiteral(", ") + site.note;
    }
    return text;
}

void FleetMap::paintLabels(QPainter &painter) const {
    const Scale scale = this->scale();
    painter.setFont(scale.font(TextSize::Axis));
    painter.setPen(tokens()(Role::Dim));
    const Qt::Alignment side = mirrored() ? Qt::AlignRight : Qt::AlignLeft;
    for (std::size_t i = 0; i < layout_.blocks.size(); ++i) {
        const QRectF label = fromDevice(layout_.blocks[i].label);
        if (label.isEmpty() || !label.intersects(QRectF(rect()))) {
            continue;
        }
        // A label may use the gap to the next block, all but a little.
        const qreal more = scale(space::large);
        const QRectF place =
            mirrored() ? label.adjusted(-more, 0, 0, 0) : label.adjusted(0, 0, more, 0);
        paintText(painter, place.intersected(QRectF(rect())),
                  side | Qt::AlignTop | Qt::AlignAbsolute, labelOf(i));
    }
}

void FleetMap::paintMarks(QPainter &painter) const {
    const Scale scale = this->scale();
    if (current_ && hasFocus()) {
        const qreal gap = scale(1.5);
        paintFocusRing(painter, cellRect(*current_).adjusted(-gap, -gap, 0, 0), scale(3),
                       tokens()(Role::Text));
    }
    if (band_from_) {
        painter.setPen(QPen(tokens()(Role::Accent), scale.line(1)));
        painter.setBrush(tokens()(Role::Accent, 0.15));
        painter.drawRect(QRectF(*band_from_, band_to_).normalized());
    }
}

void FleetMap::paintCard(QPainter &painter) const {
    if (!card_node_ || card_.isEmpty() || (card_node_ != hovered_ && card_node_ != current_)) {
        return;
    }
    const Scale scale = this->scale();
    painter.setFont(scale.font(TextSize::Caption));
    const QFontMetricsF metrics(painter.font());
    qreal widest = 0;
    for (const QString &line : card_) {
        widest = std::max(widest, metrics.horizontalAdvance(line));
    }
    const qreal inside = scale(space::small);
    const QSizeF size(std::min(widest + 2 * inside + 2, static_cast<qreal>(width())),
                      static_cast<qreal>(card_.size()) * metrics.height() + 2 * inside);
    const QRectF cell = cellRect(*card_node_);
    QPointF corner = cell.topRight() + QPointF(inside, 0);
    if (corner.x() + size.width() > width()) {
        corner.setX(std::max(0.0, cell.left() - inside - size.width()));
    }
    corner.setY(std::clamp(corner.y(), 0.0, std::max(0.0, height() - size.height() - 1)));
    const QRectF box(corner, size);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens()(Role::OldLine), scale.line(1)));
    painter.setBrush(tokens()(Role::Raised));
    painter.drawRoundedRect(box, scale(6), scale(6));
    QRectF line(box.left() + inside, box.top() + inside, box.width() - 2 * inside,
                metrics.height());
    const Qt::Alignment side = mirrored() ? Qt::AlignRight : Qt::AlignLeft;
    for (qsizetype i = 0; i < card_.size(); ++i) {
        painter.setPen(tokens()(i == 0 ? Role::Text : Role::Dim));
        paintText(painter, line, side | Qt::AlignVCenter | Qt::AlignAbsolute, card_[i]);
        line.translate(0, metrics.height());
    }
}

} // namespace aviary
