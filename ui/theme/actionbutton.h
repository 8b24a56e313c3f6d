// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

class QAction;

namespace aviary {

// A button that shows an action: its short words (QAction::iconText), its shortcut beside them, and
// where it is off, why.
class ActionButton : public QPushButton {
    Q_OBJECT
public:
    // One filled button a view: the thing to do next. Danger is an outline, never a fill.
    enum class Kind { Plain, Primary, Danger };

    explicit ActionButton(QAction *action, Kind kind = Kind::Plain, QWidget *parent = nullptr);

    QAction *action() const { return action_; }
    void setKind(Kind kind);
    // Without the keys, where there is little room.
    void setCompact(bool compact);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void follow();
    QString shortcutText() const;

    QAction *action_;
    Kind kind_;
    bool compact_ = false;
};

// "Ctrl P", as keys are written on buttons and in lists.
QString keysText(const QKeySequence &keys);

// A shortcut in a small frame, from the left edge of `rect`; returns its width. For delegates too.
qreal paintKeys(QPainter &painter, const QRectF &rect, const QString &keys, const QColor &colour);
qreal keysWidth(const QFont &font, const QString &keys);

} // namespace aviary
