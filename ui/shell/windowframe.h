// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace aviary {

// What surrounds the whole window: a band at the top over a production cluster, a frame all around
// in time travel. Its margins make room for either.
class WindowFrame : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    void setMarks(bool production, bool travelling);
    bool production() const { return production_; }
    bool travelling() const { return travelling_; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool production_ = false;
    bool travelling_ = false;
};

} // namespace aviary
