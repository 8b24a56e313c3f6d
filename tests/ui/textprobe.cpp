// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/textprobe.h"

#include <QFontMetricsF>
#include <QPaintEngine>
#include <QPainter>
#include <QPlainTextEdit>

namespace aviary {
namespace {

class ProbeEngine : public QPaintEngine {
public:
    explicit ProbeEngine(std::vector<DrawnText> &texts)
        : QPaintEngine(QPaintEngine::AllFeatures), texts_(texts) {}

    bool begin(QPaintDevice *) override { return true; }
    bool end() override { return true; }
    Type type() const override { return QPaintEngine::User; }
    void updateState(const QPaintEngineState &) override {}
    void drawPixmap(const QRectF &, const QPixmap &, const QRectF &) override {}
    void drawImage(const QRectF &, const QImage &, const QRectF &,
                   Qt::ImageConversionFlags) override {}
    void drawPath(const QPainterPath &) override {}
    void drawPolygon(const QPointF *, int, PolygonDrawMode) override {}
    void drawTextItem(const QPointF &at, const QTextItem &item) override {
        const QString text = item.text().trimmed();
        if (text.isEmpty()) {
            return;
        }
        const QRectF rect(at.x(), at.y() - item.ascent(), item.width(),
                          item.ascent() + item.descent());
        const QRectF drawn = painter()->deviceTransform().mapRect(rect);
        // What lies wholly outside its widget, such as a row that is scrolled away, nobody sees.
        if (systemClip().isEmpty() || systemClip().intersects(drawn.toAlignedRect())) {
            texts_.push_back({drawn, text, painter()->pen().color()});
        }
    }

private:
    std::vector<DrawnText> &texts_;
};

class ProbeDevice : public QPaintDevice {
public:
    ProbeDevice(QWidget &widget, std::vector<DrawnText> &texts) : widget_(widget), engine_(texts) {}
    QPaintEngine *paintEngine() const override { return &engine_; }

protected:
    int metric(PaintDeviceMetric metric) const override {
        switch (metric) {
        case PdmWidth:
            return widget_.width();
        case PdmHeight:
            return widget_.height();
        case PdmDevicePixelRatio:
            return 1;
        case PdmDevicePixelRatioScaled:
            return static_cast<int>(devicePixelRatioFScale());
        case PdmDpiX:
        case PdmPhysicalDpiX:
            return widget_.logicalDpiX();
        case PdmDpiY:
        case PdmPhysicalDpiY:
            return widget_.logicalDpiY();
        case PdmDepth:
            return 32;
        default:
            return 1;
        }
    }

private:
    QWidget &widget_;
    mutable ProbeEngine engine_;
};

} // namespace

std::vector<DrawnText> drawnTexts(QWidget &widget) {
    std::vector<DrawnText> texts;
    ProbeDevice device(widget, texts);
    QPainter painter(&device);
    widget.render(&painter);
    painter.end();
    for (const QPlainTextEdit *editor : widget.findChildren<QPlainTextEdit *>()) {
        const QWidget *page = editor->viewport();
        const QRectF seen(page->mapTo(&widget, QPoint(0, 0)), page->size());
        for (DrawnText &text : texts) {
            text.scrolls =
                text.scrolls || (page->isVisibleTo(&widget) && seen.intersects(text.rect));
        }
    }
    return texts;
}

QStringList faultsOf(const std::vector<DrawnText> &texts, const QRectF &inside) {
    QStringList faults;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        // A pixel of grace: a font's box is a little larger than its letters.
        if (!texts[i].scrolls && !inside.adjusted(-1, -1, 1, 1).contains(texts[i].rect)) {
            const QRect at = texts[i].rect.toRect();
            faults += QStringLiteral("cut off: %1 at %2,%3 %4x%5")
                          .arg(texts[i].text)
                          .arg(at.x())
                          .arg(at.y())
                          .arg(at.width())
                          .arg(at.height());
        }
        for (std::size_t k = i + 1; k < texts.size(); ++k) {
            const QRectF common = texts[i].rect.intersected(texts[k].rect);
            // An editor paints a marked line a second time, in its place.
            const bool again = texts[i].scrolls && texts[i].text == texts[k].text &&
                               texts[i].rect == texts[k].rect;
            if (common.width() > 1.5 && common.height() > 2.5 && !again) {
                faults += texts[i].text + u" lies on " + texts[k].text;
            }
        }
    }
    return faults;
}

} // namespace aviary
