// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/fleetmap.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace aviary {
namespace {

constexpr double zoom_step = 1.25;
constexpr int wheel_notch = 120;
constexpr qreal band_min_px = 4; // a shorter drag is a click

QRectF spanned(QPointF a, QPointF b) {
    return QRectF(a, b).normalized();
}

} // namespace

void FleetMap::wheelEvent(QWheelEvent *event) {
    const double notches = static_cast<double>(event->angleDelta().y()) / wheel_notch;
    if (notches != 0) {
        zoomBy(std::pow(zoom_step, notches), event->position());
    }
    event->accept();
}

void FleetMap::mousePressEvent(QMouseEvent *event) {
    if (event->button() == Qt::MiddleButton) {
        pan_from_ = event->position();
    } else if (event->button() == Qt::LeftButton) {
        band_from_ = band_to_ = event->position();
    }
}

void FleetMap::mouseMoveEvent(QMouseEvent *event) {
    const QPointF at = event->position();
    if (pan_from_) {
        const QPointF moved = *pan_from_ - at;
        pan_from_ = at;
        scrollTo(offset_ + (moved * devicePixelRatioF()).toPoint());
        return;
    }
    if (band_from_) {
        band_to_ = at;
        update();
        return;
    }
    const auto node = nodeAt(at);
    if (node == hovered_) {
        return;
    }
    hovered_ = node;
    card_node_.reset();
    if (node) {
        Q_EMIT nodeHovered(*node);
    } else {
        Q_EMIT hoverLeft();
    }
    update();
}

void FleetMap::mouseReleaseEvent(QMouseEvent *event) {
    if (event->button() == Qt::MiddleButton) {
        pan_from_.reset();
        return;
    }
    if (!band_from_) {
        return;
    }
    const bool add = event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
    const QPointF from = *std::exchange(band_from_, std::nullopt);
    band_to_ = event->position();
    if ((band_to_ - from).manhattanLength() >= band_min_px) {
        band_from_ = from;
        selectBand(add);
        band_from_.reset();
    } else if (const auto node = nodeAt(from)) {
        anchor_ = *node;
        setCurrent(*node);
        std::vector<std::size_t> nodes = add ? selection() : std::vector<std::size_t>();
        const auto found = std::find(nodes.begin(), nodes.end(), *node);
        if (found == nodes.end()) {
            nodes.push_back(*node);
        } else {
            nodes.erase(found);
        }
        select(nodes);
    } else if (!add) {
        clearSelection();
    }
    update();
}

void FleetMap::selectBand(bool add) {
    const QRect band(toDevice(spanned(*band_from_, band_to_).topLeft()),
                     toDevice(spanned(*band_from_, band_to_).bottomRight()));
    std::vector<std::size_t> nodes = add ? selection() : std::vector<std::size_t>();
    for (const FleetBlock &block : layout_.blocks) {
        if (!block.grid.intersects(band)) {
            continue;
        }
        for (std::size_t i = 0; i < block.count; ++i) {
            if (layout_.cell(block.first + i).intersects(band)) {
                nodes.push_back(block.first + i);
            }
        }
    }
    select(nodes);
}

void FleetMap::mouseDoubleClickEvent(QMouseEvent *event) {
    if (const auto node = nodeAt(event->position())) {
        Q_EMIT nodeActivated(*node);
    }
}

void FleetMap::leaveEvent(QEvent *event) {
    hovered_.reset();
    Q_EMIT hoverLeft();
    update();
    Piece::leaveEvent(event);
}

void FleetMap::move(int dx, int dy, bool extend) {
    if (value_.cells.empty()) {
        return;
    }
    if (!current_) {
        setCurrent(0);
        return;
    }
    if (!extend) {
        anchor_.reset();
    } else if (!anchor_) {
        anchor_ = current_;
    }
    setCurrent(layout_.neighbour(*current_, dx, dy));
    if (extend) {
        const auto [low, high] = std::minmax({*anchor_, *current_});
        std::vector<std::size_t> nodes;
        for (std::size_t node = low; node <= high; ++node) {
            nodes.push_back(node);
        }
        select(nodes);
    }
    Q_EMIT nodeHovered(*current_);
}

bool FleetMap::zoomKey(const QKeyEvent &event) {
    const QPointF around = current_ ? cellRect(*current_).center() : QRectF(rect()).center();
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(zoom_step, around);
        return true;
    case Qt::Key_Minus:
        zoomBy(1 / zoom_step, around);
        return true;
    case Qt::Key_0:
        zoomToFit();
        return true;
    default:
        return false;
    }
}

void FleetMap::keyPressEvent(QKeyEvent *event) {
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->modifiers().testFlag(Qt::ControlModifier) && zoomKey(*event)) {
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        move(-1, 0, extend);
        break;
    case Qt::Key_Right:
        move(1, 0, extend);
        break;
    case Qt::Key_Up:
        move(0, -1, extend);
        break;
    case Qt::Key_Down:
        move(0, 1, extend);
        break;
    case Qt::Key_Home:
        setCurrent(0);
        break;
    case Qt::Key_End:
        setCurrent(value_.cells.size() - 1);
        break;
    case Qt::Key_Space:
        if (current_) {
            std::vector<std::size_t> nodes = selection();
            const auto found = std::find(nodes.begin(), nodes.end(), *current_);
            if (found == nodes.end()) {
                nodes.push_back(*current_);
            } else {
                nodes.erase(found);
            }
            select(nodes);
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (current_) {
            Q_EMIT nodeActivated(*current_);
        }
        break;
    case Qt::Key_Escape:
        clearSelection();
        break;
    default:
        Piece::keyPressEvent(event);
    }
}

} // namespace aviary
