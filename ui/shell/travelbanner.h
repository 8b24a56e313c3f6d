// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;

namespace aviary {

// Time travel says so above every view: which moment, that actions are off, and the way back.
class TravelBanner : public QWidget {
    Q_OBJECT
public:
    explicit TravelBanner(QAction *back, QWidget *parent = nullptr);

    // "09:48:12"; empty hides it.
    void setMoment(const QString &moment);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    QRectF backRect() const;

    QAction *back_;
    QString moment_;
};

} // namespace aviary
