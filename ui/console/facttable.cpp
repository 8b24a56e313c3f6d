// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/facttable.h"

#include "ui/theme/label.h"
#include "ui/theme/layouts.h"

#include <QFrame>
#include <QGridLayout>

namespace aviary {

FactTable::FactTable(QWidget *parent) : QWidget(parent), grid_(new QGridLayout(this)) {
    const Scale scale = Scale::of(this);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(scale.whole(space::large));
    grid_->setVerticalSpacing(scale.whole(6));
    grid_->setColumnStretch(1, 1);
    grid_->setColumnMinimumWidth(0, scale.whole(110));
    setAccessibleName(tr("Effect"));
}

void FactTable::setFacts(const std::vector<Fact> &facts) {
    if (facts == facts_) {
        return;
    }
    facts_ = facts;
    clearLayout(grid_);
    int row = 0;
    for (const Fact &fact : facts) {
        auto *text = new Label(fact.text);
        text->setWordWrap(true);
        text->setAccessibleName(fact.label + QStringLiteral(": ") + fact.text);
        grid_->addWidget(new Label(fact.label, TextSize::Body, Tone::Dim), row, 0,
                         Qt::AlignTop | Qt::AlignLeft);
        grid_->addWidget(text, row++, 1);
        auto *line = new QFrame;
        line->setProperty("edge", true);
        line->setFixedHeight(1);
        grid_->addWidget(line, row++, 0, 1, 2);
    }
}

} // namespace aviary
