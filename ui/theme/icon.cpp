// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icon.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

#include <algorithm>

// The icons are linked in with a static library, which does not register them by itself. The macro
// must stand outside of a namespace.
static void registerIcons() {
    Q_INIT_RESOURCE(icons);
}

namespace aviary {
namespace {

// Every icon is drawn in a box of 16 by 16 with lines of this width.
constexpr qreal box = 16;
constexpr qreal line_width = 1.5;

QString folder() {
    registerIcons();
    return QStringLiteral(":/aviary/icons/");
}

class LineEngine : public QIconEngine {
public:
    LineEngine(QString name, Role role) : name_(std::move(name)), role_(role) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override {
        const Tokens &tokens = tokensFor(QGuiApplication::palette());
        const QColor colour = mode == QIcon::Disabled ? tokens(Role::Dim, 0.55) : tokens(role_);
        paintIcon(*painter, rect, name_, colour);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override {
        return scaledPixmap(size, mode, state, 1);
    }
    // `size` is in pixels of the device, `scale` of which make one logical pixel.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state,
                         qreal scale) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.scale(scale, scale);
        paint(&painter, QRect({0, 0}, size / scale), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new LineEngine(name_, role_); }

private:
    QString name_;
    Role role_;
};

} // namespace

QIcon lineIcon(const QString &name, Role role) {
    return QIcon(new LineEngine(name, role));
}

void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &colour) {
    QFile file(folder() + name + QStringLiteral(".svg"));
    if (!file.open(QIODevice::ReadOnly)) {
        return;
    }
    const qreal side = std::min(rect.width(), rect.height());
    QByteArray svg = file.readAll();
    svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    // 16 and 20 px both get a line of 1.5 px; larger ones grow with the icon.
    const qreal width = line_width * box / std::clamp(side, box, 20.0);
    const QByteArray stroke = "stroke-width=\"" + QByteArray::number(width) + "\"";
    svg.replace("stroke-width=\"1.5\"", stroke);
    QSvgRenderer renderer(svg);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(painter.opacity() * colour.alphaF());
    renderer.render(&painter,
                    QRectF(rect.center() - QPointF(side / 2, side / 2), QSizeF(side, side)));
    painter.restore();
}

QStringList iconNames() {
    QStringList names;
    const QStringList files =
        QDir(folder()).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name);
    for (const QString &file : files) {
        names += file.chopped(4);
    }
    return names;
}

} // namespace aviary
