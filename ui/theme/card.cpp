// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/card.h"

#include "ui/theme/label.h"
#include "ui/theme/scale.h"

#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

namespace aviary {

Card::Card(const QString &title, const QString &note, QWidget *parent)
    : QFrame(parent)
    , head_(new QHBoxLayout)
    , title_(new Label(title, TextSize::Caption, Tone::Dim))
    , note_(new Label(note, TextSize::Caption, Tone::Dim))
    , body_(new QVBoxLayout(this)) {
    setProperty("card", QStringLiteral("true"));
    setAccessibleName(title);
    const Scale scale = Scale::of(this);
    body_->setContentsMargins(scale.whole(14), scale.whole(space::medium), scale.whole(14),
                              scale.whole(space::medium));
    body_->setSpacing(scale.whole(space::small));
    title_->setElided(true);
    note_->setElided(true);
    head_->addWidget(title_, 1);
    head_->addWidget(note_);
    body_->addLayout(head_);
    showHead();
}

void Card::setTitle(const QString &title) {
    title_->setText(title);
    setAccessibleName(title);
    showHead();
}

void Card::setNote(const QString &note) {
    note_->setText(note);
    showHead();
}

void Card::addToHead(QWidget *widget) {
    head_->addWidget(widget);
}

QScrollArea *Card::addScrolled(QWidget *content, const QString &accessible_name) {
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    area->setAccessibleName(accessible_name);
    area->setWidget(content);
    content->setAutoFillBackground(false); // setWidget turns it on
    body_->addWidget(area, 1);
    return area;
}

void Card::setBad(bool bad) {
    const QString kind = bad ? QStringLiteral("bad") : QStringLiteral("true");
    if (property("card").toString() == kind) {
        return;
    }
    setProperty("card", kind);
    style()->unpolish(this);
    style()->polish(this);
}

void Card::showHead() {
    title_->setVisible(!title_->text().isEmpty() || !note_->text().isEmpty());
    note_->setVisible(!note_->text().isEmpty());
}

} // namespace aviary
