// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/keysoverlay.h"

#include "ui/shell/actioncontext.h"
#include "ui/theme/actionbutton.h"
#include "ui/theme/label.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace aviary {
namespace {

constexpr int columns = 3;
constexpr int column_rows_max = 20;

} // namespace

KeysOverlay::KeysOverlay(QWidget *parent) : QFrame(parent) {
    setProperty("card", QStringLiteral("true"));
    setAccessibleName(tr("All keys"));
    setFocusPolicy(Qt::StrongFocus);
    hide();
}

void KeysOverlay::build() {
    const Scale scale = Scale::of(this);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(scale.whole(20), scale.whole(16), scale.whole(20), scale.whole(16));
    rows->addWidget(new Label(tr("Keys"), TextSize::Title));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(scale.whole(16));
    grid->setVerticalSpacing(scale.whole(5));
    rows->addLayout(grid);
    int row = 0;
    int column = 0;
    const char *group = "";
    for (const ActionLine &line : actionLines()) {
        const bool new_group = qstrcmp(group, line.group) != 0;
        if (row + (new_group ? 1 : 0) >= column_rows_max && column < columns - 1) {
            ++column;
            row = 0;
        }
        if (new_group) {
            group = line.group;
            auto *head = new Label(QCoreApplication::translate("aviary::actions", group),
                                   TextSize::Caption, Tone::Dim);
            grid->addWidget(head, row++, 2 * column, 1, 2);
        }
        const QKeySequence keys(QString::fromLatin1(line.keys));
        grid->addWidget(new Label(keysText(keys), TextSize::Caption, Tone::Dim), row, 2 * column);
        grid->addWidget(new Label(actionText(line, {}), TextSize::Caption), row++, 2 * column + 1);
    }
    rows->addWidget(
        new Label(tr("In a view: arrows move, Enter opens, Esc goes back, Tab leads on."),
                  TextSize::Caption, Tone::Dim));
}

void KeysOverlay::open() {
    if (!layout()) {
        build();
    }
    adjustSize();
    const QWidget *window = parentWidget();
    const QSize size = sizeHint().boundedTo(window->size());
    setGeometry((window->width() - size.width()) / 2,
                std::max(0, (window->height() - size.height()) / 2), size.width(), size.height());
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
}

void KeysOverlay::shut() {
    hide();
    Q_EMIT closed();
}

void KeysOverlay::keyPressEvent(QKeyEvent *event) {
    if (event->key() == Qt::Key_Escape || event->key() == Qt::Key_Question) {
        shut();
    } else {
        QFrame::keyPressEvent(event);
    }
}

void KeysOverlay::mousePressEvent(QMouseEvent *) {
    shut();
}

} // namespace aviary
