// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/fleetmap.h"

#include "core/support/words.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr qreal square_max_px = 33;            // design pixels, when everything is shown
constexpr std::size_t sites_measured_max = 64; // of more, no label is whole
constexpr qreal square_zoom_px = 64;           // and when zoomed in
constexpr int card_lines_max = 8;

} // namespace

FleetMap::FleetMap(QWidget *parent) : Piece(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Nodes by site"));
}

FleetMap::~FleetMap() = default;

QSize FleetMap::sizeHint() const {
    return {scale().whole(480), scale().whole(160)};
}

QSize FleetMap::minimumSizeHint() const {
    return {scale().whole(120), scale().whole(80)};
}

FleetMeasures FleetMap::measures() const {
    const Scale scale = this->scale();
    const qreal ratio = devicePixelRatioF();
    const auto device = [ratio](qreal logical) {
        return static_cast<int>(std::lround(logical * ratio));
    };
    FleetMeasures measures;
    measures.viewport = QSize(device(width()), device(height()));
    measures.label_height =
        device(QFontMetricsF(scale.font(TextSize::Axis)).height() + scale(space::tiny));
    measures.label_width_min = device(scale(72));
    const QFontMetricsF axis(scale.font(TextSize::Axis));
    for (std::size_t i = 0; i < value_.sites.size() && i < sites_measured_max; ++i) {
        measures.label_width =
            std::max(measures.label_width, device(std::ceil(axis.horizontalAdvance(labelOf(i)))));
    }
    measures.gap = device(scale(space::wide - 4));
    measures.square_max = device(scale(square_max_px));
    measures.mirrored = mirrored();
    return measures;
}

void FleetMap::setValue(FleetMapValue value) {
    const auto same = [](const FleetSite &a, const FleetSite &b) { return a.count == b.count; };
    const bool keeps = std::equal(value.sites.begin(), value.sites.end(), value_.sites.begin(),
                                  value_.sites.end(), same);
    if (value.tints != value_.tints) {
        tiles_.reset();
    }
    value_ = std::move(value);
    std::size_t total = 0;
    for (FleetSite &site : value_.sites) {
        site.name = boundedText(site.name, 60);
        site.note = boundedText(site.note, 60);
        total += site.count;
    }
    value_.cells.resize(total);
    if (!keeps) {
        selected_.assign(total, false);
        current_.reset();
        hovered_.reset();
        anchor_.reset();
        card_node_.reset();
        layOut();
    }
    image_valid_ = false;
    describe();
    update();
}

void FleetMap::setCells(const std::vector<FleetCellChange> &changes) {
    for (const FleetCellChange &change : changes) {
        if (change.node < value_.cells.size()) {
            value_.cells[change.node] = change.cell;
            if (image_valid_) {
                drawCell(change.node);
            }
        }
    }
    update();
}

void FleetMap::setCard(std::size_t node, const QStringList &lines) {
    card_node_ = node;
    card_.clear();
    for (const QString &line : lines.mid(0, card_lines_max)) {
        card_ += boundedText(line, 80);
    }
    describe();
    update();
}

void FleetMap::describe() {
    QString text =
        countedText(static_cast<std::int64_t>(value_.cells.size()), tr("1 node"), tr("%1 nodes"));
    text += countedText(static_cast<std::int64_t>(value_.sites.size()), tr(" at 1 site"),
                        tr(" at %1 sites"));
    if (current_ && card_node_ == current_) {
        text += u": " + card_.join(QStringLiteral(", "));
    } else if (current_) {
        text += u": " + nameOf(value_.cells[*current_].sign);
    }
    setAccessibleDescription(text);
}

void FleetMap::layOut() {
    std::vector<std::size_t> counts;
    for (const FleetSite &site : value_.sites) {
        counts.push_back(site.count);
    }
    fitted_ = fitFleet(counts, measures());
    layout_ = fitted_;
    offset_ = {};
    tiles_.reset();
    image_valid_ = false;
}

void FleetMap::resizeEvent(QResizeEvent *event) {
    Piece::resizeEvent(event);
    layOut();
}

void FleetMap::changeEvent(QEvent *event) {
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::FontChange ||
        type == QEvent::LayoutDirectionChange) {
        layOut();
    }
    Piece::changeEvent(event);
}

QPoint FleetMap::toDevice(QPointF position) const {
    return (position * devicePixelRatioF()).toPoint() + offset_;
}

QRectF FleetMap::fromDevice(const QRect &rect) const {
    const qreal ratio = devicePixelRatioF();
    return {QPointF(rect.topLeft() - offset_) / ratio, QSizeF(rect.size()) / ratio};
}

QRectF FleetMap::cellRect(std::size_t node) const {
    return fromDevice(layout_.cell(node));
}

std::optional<std::size_t> FleetMap::nodeAt(QPointF position) const {
    return layout_.nodeAt(toDevice(position));
}

double FleetMap::zoom() const {
    return static_cast<double>(layout_.square) / fitted_.square;
}

void FleetMap::zoomToFit() {
    layOut();
    update();
}

void FleetMap::zoomBy(double factor, QPointF around) {
    const int wanted = static_cast<int>(std::lround(layout_.square * factor));
    const int step =
        factor > 1 ? std::max(wanted, layout_.square + 1) : std::min(wanted, layout_.square - 1);
    setSquare(step, around);
}

void FleetMap::setSquare(int square, QPointF around) {
    const int square_max =
        std::max(fitted_.square, static_cast<int>(scale()(square_zoom_px) * devicePixelRatioF()));
    const int allowed = std::clamp(square, fitted_.square, square_max);
    if (allowed == layout_.square) {
        return;
    }
    // What is under the pointer stays there: its node, or its place in the whole.
    const QPoint before = toDevice(around);
    const auto node = layout_.nodeAt(before);
    const QSize old_size = layout_.size;
    layout_ = zoomFleet(fitted_, allowed, measures());
    const QPoint after =
        node ? layout_.cell(*node).center()
             : QPoint(before.x() * layout_.size.width() / std::max(1, old_size.width()),
                      before.y() * layout_.size.height() / std::max(1, old_size.height()));
    tiles_.reset();
    scrollTo(after - (around * devicePixelRatioF()).toPoint());
}

void FleetMap::scrollTo(QPoint offset) {
    const QSize viewport = measures().viewport;
    offset_ = {std::clamp(offset.x(), 0, std::max(0, layout_.size.width() - viewport.width())),
               std::clamp(offset.y(), 0, std::max(0, layout_.size.height() - viewport.height()))};
    image_valid_ = false;
    update();
}

void FleetMap::reveal(std::size_t node) {
    const QRect cell = layout_.cell(node);
    const QRect seen(offset_, measures().viewport);
    if (seen.contains(cell)) {
        return;
    }
    QPoint offset = offset_;
    offset.rx() +=
        std::min(0, cell.left() - seen.left()) + std::max(0, cell.right() - seen.right());
    offset.ry() +=
        std::min(0, cell.top() - seen.top()) + std::max(0, cell.bottom() - seen.bottom());
    scrollTo(offset);
}

void FleetMap::setCurrent(std::size_t node) {
    if (node >= value_.cells.size() || current_ == node) {
        return;
    }
    current_ = node;
    reveal(node);
    describe();
    update();
    Q_EMIT currentChanged(node);
}

std::vector<std::size_t> FleetMap::selection() const {
    std::vector<std::size_t> nodes;
    for (std::size_t i = 0; i < selected_.size(); ++i) {
        if (selected_[i]) {
            nodes.push_back(i);
        }
    }
    return nodes;
}

void FleetMap::select(const std::vector<std::size_t> &nodes) {
    selected_.assign(value_.cells.size(), false);
    for (const std::size_t node : nodes) {
        if (node < selected_.size()) {
            selected_[node] = true;
        }
    }
    image_valid_ = false;
    update();
    Q_EMIT selectionChanged();
}

void FleetMap::clearSelection() {
    select({});
}

} // namespace aviary
