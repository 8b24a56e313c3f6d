// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/sheet.h"

#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace aviary {

namespace {

constexpr qreal width_px = 560;
constexpr qreal top_px = 96;
constexpr double scrim = 0.72;

} // namespace

Sheet::Sheet(QWidget *over) : QFrame(over), card_(new QFrame(this)), body_(new QVBoxLayout(card_)) {
    const Scale scale = Scale::of(this);
    card_->setProperty("card", QStringLiteral("true"));
    body_->setContentsMargins(scale.whole(18), scale.whole(16), scale.whole(18), scale.whole(16));
    body_->setSpacing(scale.whole(space::medium));
    over->installEventFilter(this);
    card_->installEventFilter(this);
    hide();
}

void Sheet::open(QWidget *first) {
    if (!isVisible()) {
        before_ = QApplication::focusWidget();
    }
    cover();
    show();
    raise();
    first->setFocus(Qt::PopupFocusReason);
}

void Sheet::shut() {
    if (!isVisible()) {
        return;
    }
    hide();
    // It may be gone by now; only what is still in the window is given the keyboard.
    if (before_ && window()->isAncestorOf(before_) && before_->isVisible()) {
        before_->setFocus(Qt::OtherFocusReason);
    }
    before_ = nullptr;
}

void Sheet::cover() {
    const Scale scale = Scale::of(this);
    setGeometry(parentWidget()->rect());
    const int width = std::min(scale.whole(width_px), this->width() - scale.whole(32));
    card_->setFixedWidth(width);
    body_->invalidate();
    const int wanted =
        body_->hasHeightForWidth() ? body_->heightForWidth(width) : body_->sizeHint().height();
    const int height = std::min(wanted, this->height() - scale.whole(32));
    const int top = std::min(scale.whole(top_px), (this->height() - height) / 2);
    card_->setGeometry((this->width() - width) / 2, top, width, height);
}

bool Sheet::event(QEvent *event) {
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept(); // the keys are ours
        return true;
    }
    if (event->type() == QEvent::LayoutRequest && isVisible()) {
        cover();
    }
    return QFrame::event(event);
}

bool Sheet::eventFilter(QObject *object, QEvent *event) {
    if (event->type() == QEvent::Resize && object == parentWidget() && isVisible()) {
        cover();
    }
    if (event->type() == QEvent::LayoutRequest && object == card_ && isVisible()) {
        cover();
    }
    return QFrame::eventFilter(object, event);
}

bool Sheet::focusNextPrevChild(bool next) {
    QWidget *const from = QApplication::focusWidget();
    if (!from) {
        return false;
    }
    if (!isVisible()) { // shut: the keyboard goes on to the rest of the window
        return QFrame::focusNextPrevChild(next);
    }
    QWidget *at = from;
    do {
        at = next ? at->nextInFocusChain() : at->previousInFocusChain();
        if (isAncestorOf(at) && at->isVisibleTo(this) && at->isEnabled() &&
            (at->focusPolicy() & Qt::TabFocus) != 0) {
            at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    } while (at != from);
    return true;
}

void Sheet::keyPressEvent(QKeyEvent *event) {
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT withdrawn();
    }
    event->accept();
}

void Sheet::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.fillRect(rect(), tokensOf(this)(Role::Window, scrim));
}

} // namespace aviary
