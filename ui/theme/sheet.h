// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>

class QVBoxLayout;

namespace aviary {

// Something that a person answers before going on: a card over a dimmed window. It has the keyboard
// while it is open: Tab stays inside, no shortcut of the window works, Esc withdraws. It runs no
// event loop of its own.
class Sheet : public QFrame {
    Q_OBJECT
public:
    // `over` is the widget that it covers, and its parent.
    explicit Sheet(QWidget *over);

    // Where the content goes.
    QVBoxLayout *body() const { return body_; }
    // Comes up with the keyboard in `first`.
    void open(QWidget *first);
    // Gives the keyboard back to who had it.
    void shut();

Q_SIGNALS:
    void withdrawn(); // by Esc

protected:
    bool event(QEvent *event) override;
    bool eventFilter(QObject *object, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void cover();

    QFrame *card_;
    QVBoxLayout *body_;
    QPointer<QWidget> before_;
};

} // namespace aviary
