// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/fleetlayout.h"
#include "ui/charts/fleettiles.h"
#include "ui/theme/piece.h"

#include <QImage>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace aviary {

struct FleetSite {
    QString name; // "eu-west"
    QString note; // "v42 25 %"
    std::size_t count = 0;
    bool operator==(const FleetSite &) const = default;
};

// Nodes in the order of their sites: `cells` holds the nodes of the first site, then of the second.
struct FleetMapValue {
    std::vector<FleetSite> sites;
    std::vector<FleetTint> tints;
    std::vector<FleetCell> cells;
    bool operator==(const FleetMapValue &) const = default;
};

struct FleetCellChange {
    std::size_t node = 0;
    FleetCell cell;
};

// A square a node, sites as blocks; colour = revision, shape = trouble. One image is kept and
// copied to the screen; a change draws its own squares only. The wheel zooms, dragging selects.
class FleetMap : public Piece {
    Q_OBJECT
public:
    explicit FleetMap(QWidget *parent = nullptr);
    ~FleetMap() override;

    const FleetMapValue &value() const { return value_; }
    // Selection and zoom stay when the sites keep their sizes.
    void setValue(FleetMapValue value);
    void setCells(const std::vector<FleetCellChange> &changes);
    // The words beside the node under the pointer, in answer to nodeHovered; plain text.
    void setCard(std::size_t node, const QStringList &lines);

    const FleetLayout &layoutOfNodes() const { return layout_; }
    QRectF cellRect(std::size_t node) const; // in the coordinates of the widget
    std::optional<std::size_t> nodeAt(QPointF position) const;
    std::optional<std::size_t> current() const { return current_; }
    void setCurrent(std::size_t node);
    std::vector<std::size_t> selection() const; // rising
    void select(const std::vector<std::size_t> &nodes);
    void clearSelection();
    // 1 shows everything.
    double zoom() const;
    void zoomBy(double factor, QPointF around);
    void zoomToFit();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void nodeHovered(std::size_t node);
    void hoverLeft();
    void currentChanged(std::size_t node);
    void selectionChanged();
    void nodeActivated(std::size_t node); // Enter or a double click

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    FleetMeasures measures() const;
    QPoint toDevice(QPointF position) const; // position in the layout, scrolled
    QRectF fromDevice(const QRect &rect) const;
    void layOut();
    void setSquare(int square, QPointF around);
    void scrollTo(QPoint offset);
    void reveal(std::size_t node);
    void describe();
    void move(int dx, int dy, bool extend);
    bool zoomKey(const QKeyEvent &event);
    void selectBand(bool add);
    void render();
    void drawBlock(const FleetBlock &block);
    void drawCell(std::size_t node);
    void blit(const QImage &tile, QPoint at);
    QString labelOf(std::size_t site_index) const;
    void paintLabels(QPainter &painter) const;
    void paintMarks(QPainter &painter) const;
    void paintCard(QPainter &painter) const;

    FleetMapValue value_;
    FleetLayout fitted_;
    FleetLayout layout_;
    QPoint offset_; // of the viewport in the layout, device pixels
    QImage image_;
    bool image_valid_ = false;
    std::unique_ptr<FleetTiles> tiles_;
    std::vector<bool> selected_;
    std::optional<std::size_t> current_, hovered_, anchor_;
    std::optional<QPointF> band_from_;
    QPointF band_to_;
    std::optional<QPointF> pan_from_;
    std::optional<std::size_t> card_node_;
    QStringList card_;
};

} // namespace aviary
