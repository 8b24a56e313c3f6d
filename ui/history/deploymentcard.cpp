// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/deploymentcard.h"

#include "core/support/words.h"
#include "ui/theme/factlist.h"
#include "ui/theme/label.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace aviary {

namespace {

constexpr std::size_t lines_shown_max = 40;
constexpr int tag_length_max = 64;

QPushButton *buttonIn(QVBoxLayout *layout, const char *kind) {
    auto *button = new QPushButton;
    button->setProperty("kind", QString::fromLatin1(kind));
    button->setAutoDefault(false);
    layout->addWidget(button, 0, Qt::AlignLeading);
    return button;
}

void showButton(QPushButton *button, const QString &text) {
    button->setText(boundedText(text, 60));
    button->setAccessibleName(text);
    button->setVisible(!text.isEmpty());
}

} // namespace

DeploymentCard::DeploymentCard(QWidget *parent) : Card({}, {}, parent) {
    setAccessibleName(tr("Deployment"));
    const Scale scale = Scale::of(this);
    auto *inside = new QWidget;
    auto *layout = new QVBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(scale.whole(space::small));
    title_ = new Label({}, TextSize::Body);
    title_->setStrong(true);
    title_->setWordWrap(true);
    none_ = new Label(tr("Select a deployment to see what it was."), TextSize::Caption, Tone::Dim);
    none_->setWordWrap(true);
    facts_ = new FactList;
    layout->addWidget(title_);
    layout->addWidget(none_);
    layout->addWidget(facts_);
    compare_ = buttonIn(layout, "plain");
    open_ = buttonIn(layout, "plain");
    roll_back_ = buttonIn(layout, "danger");
    bad_ = buttonIn(layout, "plain");
    tag_row_ = tagRow();
    layout->addWidget(tag_row_);
    off_ = new Label({}, TextSize::Caption, Tone::Dim);
    off_->setWordWrap(true);
    layout->addWidget(off_);
    told_title_ = new Label(tr("What happened"), TextSize::Caption, Tone::Dim);
    told_ = new FactList;
    layout->addWidget(told_title_);
    layout->addWidget(told_);
    layout->addStretch(1);

    addScrolled(inside, tr("Deployment"));
    connect(compare_, &QPushButton::clicked, this, &DeploymentCard::compareWanted);
    connect(open_, &QPushButton::clicked, this, &DeploymentCard::openWanted);
    connect(roll_back_, &QPushButton::clicked, this, &DeploymentCard::rollBackWanted);
    connect(bad_, &QPushButton::clicked, this, &DeploymentCard::badWanted);
    value_.id = QStringLiteral("-"); // so that the first value is always shown
    setValue({});
}

QWidget *DeploymentCard::tagRow() {
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    tag_ = new QLineEdit;
    tag_->setPlaceholderText(tr("tag"));
    tag_->setAccessibleName(tr("Tag of this version"));
    tag_->setMaxLength(tag_length_max);
    add_tag_ = new QPushButton;
    add_tag_->setAutoDefault(false);
    layout->addWidget(tag_, 1);
    layout->addWidget(add_tag_);
    const auto say = [this] {
        if (const QString tag = tag_->text().trimmed(); !tag.isEmpty()) {
            Q_EMIT tagWanted(tag);
        }
    };
    connect(tag_, &QLineEdit::textChanged, this, &DeploymentCard::showTagButton);
    connect(tag_, &QLineEdit::returnPressed, this, say);
    connect(add_tag_, &QPushButton::clicked, this, say);
    return row;
}

void DeploymentCard::showTagButton() {
    const bool has = value_.tags.contains(tag_->text().trimmed());
    showButton(add_tag_, has ? tr("Take the tag away\u2026") : tr("Add the tag\u2026"));
    add_tag_->setEnabled(value_.off.isEmpty() && !tag_->text().trimmed().isEmpty());
}

void DeploymentCard::setValue(const DeploymentPane &value) {
    if (value == value_) {
        return;
    }
    if (value.id != value_.id) {
        tag_->clear();
    }
    value_ = value;
    showTagButton();
    const bool any = !value.id.isEmpty();
    title_->setText(boundedText(value.title, 160));
    title_->setVisible(any);
    none_->setVisible(!any);
    std::vector<QStringList> facts;
    for (const HistoryFact &fact : value.facts) {
        facts.push_back({fact.label, fact.text});
    }
    facts_->setRows(facts);
    facts_->setVisible(any);
    showButton(compare_, value.compare);
    showButton(open_, value.open);
    showButton(roll_back_, value.roll_back);
    showButton(bad_, value.bad);
    roll_back_->setEnabled(value.off.isEmpty());
    bad_->setEnabled(value.off.isEmpty());
    tag_->setEnabled(value.off.isEmpty());
    tag_row_->setVisible(any);
    off_->setText(boundedText(value.off));
    off_->setVisible(any && !value.off.isEmpty());
    std::vector<QStringList> told;
    for (const api::Happening &line : value.happenings) {
        if (told.size() == lines_shown_max) {
            break;
        }
        told.push_back({timeOfDayText(line.wall_ms, true), line.who + u": " + line.text});
    }
    told_->setRows(told);
    told_->setVisible(!told.empty());
    told_title_->setVisible(!told.empty());
}

} // namespace aviary
