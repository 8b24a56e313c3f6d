// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/sign.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>

#include <algorithm>
#include <array>

namespace aviary {
namespace {

constexpr std::array rollout_signs{Sign::Draft,       Sign::Approved,  Sign::Pending,
                                   Sign::InProgress,  Sign::Waiting,   Sign::Paused,
                                   Sign::RollingBack, Sign::Completed, Sign::RolledBack,
                                   Sign::Failed,      Sign::Superseded};
constexpr std::array cluster_signs{Sign::ClusterLive, Sign::ClusterConnecting, Sign::ClusterStale,
                                   Sign::ClusterLost, Sign::ClusterFile};
constexpr std::array node_signs{Sign::NodeHealthy,     Sign::NodeUpdating, Sign::NodeDegraded,
                                Sign::NodeOffline,     Sign::NodeFailed,   Sign::NodeDraining,
                                Sign::NodeMaintenance, Sign::NodeExcluded, Sign::NodeBehind,
                                Sign::NodeUnknown};
constexpr std::array outcome_signs{Sign::Asked, Sign::Applied, Sign::Refused, Sign::OutcomeUnknown};

struct Meaning {
    Role role;
    const char *name;
};

Meaning meaningOf(Sign sign) {
    switch (sign) {
    case Sign::None:
        return {Role::Dim, ""};
    case Sign::Draft:
        return {Role::Dim, QT_TRANSLATE_NOOP("aviary::signs", "draft")};
    case Sign::Approved:
        return {Role::Accent, QT_TRANSLATE_NOOP("aviary::signs", "approved")};
    case Sign::Pending:
        return {Role::Dim, QT_TRANSLATE_NOOP("aviary::signs", "pending")};
    case Sign::InProgress:
        return {Role::Accent, QT_TRANSLATE_NOOP("aviary::signs", "in progress")};
    case Sign::Waiting:
        return {Role::Attention, QT_TRANSLATE_NOOP("aviary::signs", "waiting for you")};
    case Sign::Paused:
        return {Role::Attention, QT_TRANSLATE_NOOP("aviary::signs", "paused")};
    case Sign::RollingBack:
        return {Role::Bad, QT_TRANSLATE_NOOP("aviary::signs", "rolling back")};
    case Sign::Completed:
        return {Role::Good, QT_TRANSLATE_NOOP("aviary::signs", "completed")};
    case Sign::RolledBack:
        return {Role::Bad, QT_TRANSLATE_NOOP("aviary::signs", "rolled back")};
    case Sign::Failed:
        return {Role::Bad, QT_TRANSLATE_NOOP("aviary::signs", "failed")};
    case Sign::Superseded:
        return {Role::Dim, QT_TRANSLATE_NOOP("aviary::signs", "superseded")};
    case Sign::ClusterLive:
        return {Role::Good, QT_TRANSLATE_NOOP("aviary::signs", "live")};
    case Sign::ClusterConnecting:
        return {Role::Accent, QT_TRANSLATE_NOOP("aviary::signs", "connecting")};
    case Sign::ClusterStale:
        return {Role::Attention, QT_TRANSLATE_NOOP("aviary::signs", "data is old")};
    case Sign::ClusterLost:
        return {Role::Bad, QT_TRANSLATE_NOOP("aviary::signs", "does not answer")};
    case Sign::ClusterFile:
        return {Role::Dim, QT_TRANSLATE_NOOP("aviary::signs", "from a file")};
    case Sign::NodeHealthy:
        return {Role::Good, QT_TRANSLATE_NOOP("aviary::signs", "healthy")};
    case Sign::NodeUpdating:
        return {Role::Accent, QT_TRANSLATE_NOOP("aviary::signs", "updating")};
    case Sign::NodeDegraded:
        return {Role::Attention, QT_TRANSLATE_NOOP("aviary::signs", "degraded")};
    case Sign::NodeOffline:
        return {Role::Bad, QT_TRANSLATE_NOOP("aviary::signs", "offline")};
    case Sign::NodeFailed:
        return {Role::Bad, QT_TRANSLATE_NOOP("aviary::signs", "failed")};
    case Sign::NodeDraining:
        return {Role::Attention, QT_TRANSLATE_NOOP("aviary::signs", "draining")};
    case Sign::NodeMaintenance:
        return {Role::Dim, QT_TRANSLATE_NOOP("aviary::signs", "in maintenance")};
    case Sign::NodeExcluded:
        return {Role::Dim, QT_TRANSLATE_NOOP("aviary::signs", "excluded")};
    case Sign::NodeBehind:
        return {Role::Attention, QT_TRANSLATE_NOOP("aviary::signs", "behind")};
    case Sign::NodeUnknown:
        return {Role::Dim, QT_TRANSLATE_NOOP("aviary::signs", "unknown")};
    case Sign::Asked:
        return {Role::Accent, QT_TRANSLATE_NOOP("aviary::signs", "asked")};
    case Sign::Applied:
        return {Role::Good, QT_TRANSLATE_NOOP("aviary::signs", "applied")};
    case Sign::Refused:
        return {Role::Bad, QT_TRANSLATE_NOOP("aviary::signs", "refused")};
    case Sign::OutcomeUnknown:
        return {Role::Attention, QT_TRANSLATE_NOOP("aviary::signs", "unknown")};
    }
    return {Role::Dim, ""};
}

// Draws shapes in a box of 16 by 16 in one colour.
class Pen {
public:
    Pen(QPainter &painter, const QColor &colour, const QColor &background)
        : painter_(painter), colour_(colour), background_(background) {}

    void draw(Sign sign);

private:
    void line(const QPolygonF &points, const QColor &colour, qreal width = 1.9) {
        painter_.setBrush(Qt::NoBrush);
        painter_.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter_.drawPolyline(points);
    }
    void line(const QPolygonF &points) { line(points, colour_); }
    void area(const QPolygonF &points) {
        painter_.setPen(QPen(colour_, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter_.setBrush(colour_);
        painter_.drawPolygon(points);
    }
    void disc(qreal radius, QPointF middle = {8, 8}) {
        painter_.setPen(Qt::NoPen);
        painter_.setBrush(colour_);
        painter_.drawEllipse(middle, radius, radius);
    }
    void ring(qreal radius, qreal width = 1.7, Qt::PenStyle style = Qt::SolidLine) {
        QPen pen(colour_, width, style, Qt::FlatCap);
        if (style != Qt::SolidLine) {
            pen.setDashPattern({1.5, 1.2});
        }
        painter_.setPen(pen);
        painter_.setBrush(Qt::NoBrush);
        painter_.drawEllipse(QPointF(8, 8), radius, radius);
    }
    void bars(qreal height, qreal width, qreal gap) {
        painter_.setPen(Qt::NoPen);
        painter_.setBrush(colour_);
        const qreal top = 8 - height / 2;
        painter_.drawRoundedRect(QRectF(8 - gap / 2 - width, top, width, height), 0.6, 0.6);
        painter_.drawRoundedRect(QRectF(8 + gap / 2, top, width, height), 0.6, 0.6);
    }
    void cross(qreal reach, const QColor &colour, qreal width) {
        line({{8 - reach, 8 - reach}, {8 + reach, 8 + reach}}, colour, width);
        line({{8 + reach, 8 - reach}, {8 - reach, 8 + reach}}, colour, width);
    }
    void tick(const QColor &colour) { line({{4.9, 8.3}, {7.1, 10.5}, {11.2, 5.9}}, colour); }
    void arc(qreal radius, int from_degrees, int span_degrees) {
        painter_.setBrush(Qt::NoBrush);
        painter_.setPen(QPen(colour_, 1.9, Qt::SolidLine, Qt::RoundCap));
        painter_.drawArc(QRectF(8 - radius, 8 - radius, 2 * radius, 2 * radius), from_degrees * 16,
                         span_degrees * 16);
    }
    void triangle() {
        painter_.setBrush(Qt::NoBrush);
        painter_.setPen(QPen(colour_, 1.9, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter_.drawPolygon(QPolygonF{{8, 2.6}, {14, 13.2}, {2, 13.2}});
    }
    void drawRollout(Sign sign);
    void drawCluster(Sign sign);
    void drawNode(Sign sign);
    void drawOutcome(Sign sign);

    QPainter &painter_;
    QColor colour_;
    QColor background_;
};

void Pen::drawRollout(Sign sign) {
    switch (sign) {
    case Sign::Draft:
        ring(5.6, 1.7, Qt::DashLine);
        break;
    case Sign::Approved:
        ring(6);
        tick(colour_);
        break;
    case Sign::Pending:
        ring(6);
        line({{8, 4.8}, {8, 8.2}, {10.4, 9.6}}, colour_, 1.5);
        break;
    case Sign::InProgress:
        area({{4.6, 3}, {13, 8}, {4.6, 13}});
        break;
    case Sign::Waiting:
        ring(6.4);
        bars(5.6, 1.8, 2);
        break;
    case Sign::Paused:
        bars(10, 3, 3);
        break;
    case Sign::RollingBack:
        line({{13, 8}, {4, 8}}, colour_, 2.1);
        line({{7.4, 4.2}, {3.4, 8}, {7.4, 11.8}}, colour_, 2.1);
        break;
    case Sign::Completed:
        disc(6.6);
        tick(background_);
        break;
    case Sign::RolledBack:
        arc(4.6, -80, 230);
        line({{2.4, 2.7}, {3, 6.6}, {6.9, 5.9}});
        break;
    case Sign::Failed:
        cross(4.4, colour_, 2.3);
        break;
    case Sign::Superseded:
        line({{3.6, 4}, {7.6, 8}, {3.6, 12}});
        line({{8.6, 4}, {12.6, 8}, {8.6, 12}});
        break;
    default:
        break;
    }
}

void Pen::drawCluster(Sign sign) {
    switch (sign) {
    case Sign::ClusterLive:
        disc(4.6);
        break;
    case Sign::ClusterConnecting:
        arc(5, 90, -250);
        break;
    case Sign::ClusterStale:
        triangle();
        break;
    case Sign::ClusterLost:
        ring(6.2);
        cross(2.4, colour_, 1.8);
        break;
    case Sign::ClusterFile:
        ring(4.4);
        break;
    default:
        break;
    }
}

void Pen::drawNode(Sign sign) {
    switch (sign) {
    case Sign::NodeHealthy:
        disc(4.6);
        break;
    case Sign::NodeUpdating:
        line({{8, 13}, {8, 4}}, colour_, 2.1);
        line({{4.2, 7.2}, {8, 3.4}, {11.8, 7.2}}, colour_, 2.1);
        break;
    case Sign::NodeDegraded:
        triangle();
        break;
    case Sign::NodeOffline:
        cross(4.4, colour_, 2.3);
        break;
    case Sign::NodeFailed:
        painter_.setPen(Qt::NoPen);
        painter_.setBrush(colour_);
        painter_.drawPolygon(QPolygonF{{5.2, 1.4},
                                       {10.8, 1.4},
                                       {14.6, 5.2},
                                       {14.6, 10.8},
                                       {10.8, 14.6},
                                       {5.2, 14.6},
                                       {1.4, 10.8},
                                       {1.4, 5.2}});
        line({{8, 4.6}, {8, 8.6}}, background_, 2);
        line({{8, 11.4}, {8, 11.5}}, background_, 2);
        break;
    case Sign::NodeDraining:
        line({{8, 2.6}, {8, 9}});
        line({{4.8, 6.4}, {8, 9.6}, {11.2, 6.4}});
        line({{3.4, 13.2}, {12.6, 13.2}});
        break;
    case Sign::NodeMaintenance:
        painter_.setBrush(Qt::NoBrush);
        painter_.setPen(QPen(colour_, 1.9, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter_.drawPolygon(QPolygonF{{8, 2.4}, {13.6, 8}, {8, 13.6}, {2.4, 8}});
        break;
    case Sign::NodeExcluded:
        ring(5.8);
        line({{4.6, 8}, {11.4, 8}});
        break;
    case Sign::NodeBehind:
        line({{12, 3.4}, {7.4, 8}, {12, 12.6}}, colour_, 2.1);
        line({{4.2, 3.4}, {4.2, 12.6}}, colour_, 2.1);
        break;
    case Sign::NodeUnknown:
        line({{5.2, 5.6}, {5.8, 3.8}, {8, 3}, {10.2, 3.9}, {10.6, 5.8}, {8.1, 8}, {8, 9.6}});
        disc(1.25, {8, 13});
        break;
    default:
        break;
    }
}

void Pen::drawOutcome(Sign sign) {
    switch (sign) {
    case Sign::Asked:
        line({{3, 8}, {12, 8}}, colour_, 2.1);
        line({{8.6, 4.2}, {12.6, 8}, {8.6, 11.8}}, colour_, 2.1);
        break;
    case Sign::Applied:
        disc(6.6);
        tick(background_);
        break;
    case Sign::Refused:
        cross(4.4, colour_, 2.3);
        break;
    case Sign::OutcomeUnknown:
        triangle();
        break;
    default:
        break;
    }
}

void Pen::draw(Sign sign) {
    drawRollout(sign);
    drawCluster(sign);
    drawNode(sign);
    drawOutcome(sign);
}

// Draws with the colours of the moment, so an icon once set follows a change of theme.
class SignEngine : public QIconEngine {
public:
    explicit SignEngine(Sign sign) : sign_(sign) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override {
        paintSign(*painter, rect, sign_, tokensFor(QGuiApplication::palette()));
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
    QIconEngine *clone() const override { return new SignEngine(sign_); }

private:
    Sign sign_;
};

} // namespace

std::span<const Sign> rolloutSigns() {
    return rollout_signs;
}

std::span<const Sign> clusterSigns() {
    return cluster_signs;
}

std::span<const Sign> nodeSigns() {
    return node_signs;
}

std::span<const Sign> outcomeSigns() {
    return outcome_signs;
}

Role roleOf(Sign sign) {
    return meaningOf(sign).role;
}

QString nameOf(Sign sign) {
    return QCoreApplication::translate("aviary::signs", meaningOf(sign).name);
}

void paintSign(QPainter &painter, const QRectF &rect, Sign sign, const Tokens &tokens,
               Role background) {
    paintSign(painter, rect, sign, tokens(roleOf(sign)), tokens(background));
}

void paintSign(QPainter &painter, const QRectF &rect, Sign sign, const QColor &colour,
               const QColor &background) {
    const qreal side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center() - QPointF(side / 2, side / 2));
    painter.scale(side / 16, side / 16);
    Pen(painter, colour, background).draw(sign);
    painter.restore();
}

QIcon signIcon(Sign sign) {
    return QIcon(new SignEngine(sign));
}

} // namespace aviary
