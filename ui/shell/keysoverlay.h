// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

namespace aviary {

// `?`: every action with its keys, by group, read from the table of actions.
class KeysOverlay : public QFrame {
    Q_OBJECT
public:
    explicit KeysOverlay(QWidget *parent);

    void open();

Q_SIGNALS:
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void build(); // when it is opened first: the window starts without these many labels
    void shut();
};

} // namespace aviary
