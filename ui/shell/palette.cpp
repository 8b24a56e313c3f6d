// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette.h"

#include "ui/shell/palettedelegate.h"
#include "ui/theme/scale.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace aviary {
namespace {

constexpr qreal width_px = 860;
constexpr qreal top_px = 48;
constexpr int rows_max = 12;

} // namespace

Palette::Palette(QWidget *parent)
    : QFrame(parent)
    , model_(new PaletteModel(this))
    , query_(new QLineEdit(this))
    , list_(new QListView(this)) {
    setProperty("card", QStringLiteral("true"));
    setAccessibleName(tr("Search and run a command"));
    query_->setPlaceholderText(tr("Search nodes, rollouts, commands"));
    query_->setAccessibleName(tr("Search"));
    query_->setMaxLength(200);
    query_->installEventFilter(this);
    list_->setModel(model_);
    list_->setItemDelegate(new PaletteDelegate(list_));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setUniformItemSizes(true);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setAccessibleName(tr("Found"));
    const Scale scale = Scale::of(this);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(scale.whole(8), scale.whole(8), scale.whole(8), scale.whole(8));
    rows->addWidget(query_);
    rows->addWidget(list_);
    connect(query_, &QLineEdit::textChanged, this, &Palette::setQuery);
    connect(list_, &QListView::clicked, this, &Palette::choose);
    hide();
}

void Palette::open() {
    query_->clear();
    setQuery({});
    fit();
    show();
    raise();
    query_->setFocus(Qt::PopupFocusReason);
}

void Palette::setQuery(const QString &query) {
    if (query_->text() != query) {
        query_->setText(query); // comes back here
        return;
    }
    model_->setQuery(query);
    list_->setCurrentIndex(model_->index(0, 0));
    fit();
}

void Palette::fit() {
    const Scale scale = Scale::of(this);
    const QWidget *window = parentWidget();
    const int width = std::min(scale.whole(width_px), window->width() - scale.whole(32));
    const int row = list_->sizeHintForRow(0) > 0 ? list_->sizeHintForRow(0) : scale.whole(34);
    const int shown = std::clamp(model_->rowCount(), 1, rows_max);
    list_->setFixedHeight(std::min(shown * row + 4, window->height() / 2));
    const int height = layout()->sizeHint().height();
    setGeometry((window->width() - width) / 2, scale.whole(top_px), width, height);
}

void Palette::shut() {
    hide();
    Q_EMIT closed();
}

void Palette::choose(const QModelIndex &index) {
    if (!index.isValid()) {
        return;
    }
    const PaletteEntry entry = model_->entry(index.row());
    if (entry.enabled) {
        shut();
        Q_EMIT chosen(entry);
    }
}

void Palette::move(int rows) {
    const int count = model_->rowCount();
    if (count > 0) {
        const int row = std::clamp(list_->currentIndex().row() + rows, 0, count - 1);
        list_->setCurrentIndex(model_->index(row, 0));
    }
}

bool Palette::eventFilter(QObject *object, QEvent *event) {
    if (event->type() == QEvent::FocusOut && object == query_ && isVisible()) {
        shut();
        return false;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        // Ctrl Shift C copies the entry here, not the view behind.
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_C &&
            key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier)) {
            event->accept();
            return true;
        }
    }
    if (event->type() != QEvent::KeyPress) {
        return QFrame::eventFilter(object, event);
    }
    const auto *key = static_cast<QKeyEvent *>(event);
    switch (key->key()) {
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_PageDown:
        move(rows_max);
        return true;
    case Qt::Key_PageUp:
        move(-rows_max);
        return true;
    case Qt::Key_Escape:
        shut();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(list_->currentIndex());
        return true;
    case Qt::Key_C:
        if (key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier) &&
            list_->currentIndex().isValid()) {
            Q_EMIT commandCopied(model_->entry(list_->currentIndex().row()).command);
            return true;
        }
        break;
    default:
        break;
    }
    return QFrame::eventFilter(object, event);
}

} // namespace aviary
