// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/factlist.h"

#include "core/support/words.h"
#include "ui/theme/label.h"

#include <QFrame>
#include <QGridLayout>

namespace aviary {

namespace {
constexpr int text_length_max = 600;
}

FactList::FactList(QWidget *parent) : QWidget(parent), grid_(new QGridLayout(this)) {
    const Scale scale = Scale::of(this);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(scale.whole(space::medium));
    grid_->setVerticalSpacing(scale.whole(space::tiny));
    setAccessibleName(tr("Facts"));
}

void FactList::addLine(const QStringList &texts, bool head) {
    for (int column = 0; column < texts.size(); ++column) {
        const bool quiet = column == 0 || head;
        auto *label = new Label(boundedText(texts[column], text_length_max), TextSize::Caption,
                                quiet ? Tone::Dim : Tone::Plain);
        label->setWordWrap(column > 0 || texts.size() > 2);
        label->setAlignment(Qt::AlignLeading | Qt::AlignTop);
        if (!quiet) {
            label->setTextInteractionFlags(Qt::TextSelectableByMouse);
            label->setAccessibleName(texts[0] + u": " + label->text());
        }
        grid_->addWidget(label, line_, column);
        grid_->setColumnStretch(column, column == 0 && texts.size() == 2 ? 0 : 1);
    }
    auto *rule = new QFrame;
    rule->setProperty("edge", true);
    rule->setFixedHeight(1);
    grid_->addWidget(rule, line_ + 1, 0, 1, static_cast<int>(texts.size()));
    line_ += 2;
}

void FactList::setRows(const std::vector<QStringList> &rows, bool head) {
    if (rows == rows_) {
        return;
    }
    rows_ = rows;
    while (QLayoutItem *item = grid_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    line_ = 0;
    for (const QStringList &row : rows) {
        addLine(row, head && line_ == 0);
    }
}

} // namespace aviary
