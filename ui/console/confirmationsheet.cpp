// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/confirmationsheet.h"

#include "ui/console/facttable.h"
#include "ui/theme/label.h"

#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace aviary {

namespace {

constexpr int reason_length_max = 500;

Label *wrapped(Tone tone) {
    auto *label = new Label({}, TextSize::Body, tone);
    label->setWordWrap(true);
    return label;
}

void setKind(QPushButton *button, const char *kind) {
    button->setProperty("kind", QLatin1String(kind));
    button->style()->unpolish(button);
    button->style()->polish(button);
}

} // namespace

ConfirmationSheet::ConfirmationSheet(QWidget *over)
    : Sheet(over)
    , title_(new Label({}, TextSize::Subtitle))
    , where_(new Label({}, TextSize::Caption, Tone::Dim))
    , changed_(wrapped(Tone::Attention))
    , seen_(new QPushButton(tr("I have seen it")))
    , facts_(new FactTable)
    , blocked_(wrapped(Tone::Attention))
    , ask_word_(wrapped(Tone::Dim))
    , word_(new QLineEdit)
    , reason_(new QLineEdit)
    , cancel_(new QPushButton(tr("Cancel")))
    , confirm_(new QPushButton) {
    setAccessibleName(tr("Confirmation"));
    build();
    connect(this, &Sheet::withdrawn, word_, &QLineEdit::clear);
    connect(cancel_, &QPushButton::clicked, this, &Sheet::withdrawn);
    connect(confirm_, &QPushButton::clicked, this, &ConfirmationSheet::confirm);
    connect(seen_, &QPushButton::clicked, this, [this] {
        Q_EMIT seen();
        word_->isVisible() ? word_->setFocus() : confirm_->setFocus();
    });
    connect(word_, &QLineEdit::textChanged, this, &ConfirmationSheet::follow);
    connect(word_, &QLineEdit::returnPressed, this, &ConfirmationSheet::confirm);
    connect(reason_, &QLineEdit::returnPressed, this, &ConfirmationSheet::confirm);
}

void ConfirmationSheet::build() {
    const Scale scale = Scale::of(this);
    title_->setStrong(true);
    title_->setWordWrap(true);
    word_->setMaxLength(200);
    reason_->setMaxLength(reason_length_max);
    reason_->setPlaceholderText(tr("Reason, for the record"));
    reason_->setAccessibleName(tr("Reason"));
    for (QPushButton *button : {seen_, cancel_, confirm_}) {
        button->setAutoDefault(true); // Enter presses the one with the focus
    }
    auto *news = new QHBoxLayout;
    news->setSpacing(scale.whole(space::medium));
    news->addWidget(changed_, 1);
    news->addWidget(seen_, 0, Qt::AlignTop);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(scale.whole(space::medium));
    buttons->addStretch();
    buttons->addWidget(cancel_);
    buttons->addWidget(confirm_);
    body()->addWidget(title_);
    body()->addWidget(where_);
    body()->addLayout(news);
    body()->addWidget(facts_);
    body()->addWidget(blocked_);
    body()->addWidget(reason_);
    body()->addWidget(ask_word_);
    body()->addWidget(word_);
    body()->addLayout(buttons);
}

void ConfirmationSheet::setQuestion(const std::optional<Question> &question) {
    const bool other = !question_ || !question || question->title != question_->title;
    question_ = question;
    if (!question) {
        shut();
        return;
    }
    if (other) {
        word_->clear();
        reason_->clear();
    }
    show(*question);
    if (other || !isVisible()) {
        // A button that is off cannot have the keyboard; Enter in the reason confirms as well.
        QWidget *plain = confirm_->isEnabled() ? static_cast<QWidget *>(confirm_) : reason_;
        open(question->word.isEmpty() ? plain : word_);
    }
}

void ConfirmationSheet::show(const Question &question) {
    title_->setText(question.title);
    where_->setText(tr("on %1").arg(question.cluster_name));
    where_->setVisible(!question.cluster_name.isEmpty());
    changed_->setText(question.changed);
    changed_->setVisible(!question.changed.isEmpty());
    if (!question.changed.isEmpty() && !seen_->isVisible()) {
        word_->clear(); // what was typed was typed for another effect
    }
    seen_->setVisible(!question.changed.isEmpty());
    facts_->setFacts(question.complete || !question.facts.empty()
                         ? question.facts
                         : std::vector<Fact>{{tr("effect"), tr("asking the daemon")}});
    blocked_->setText(question.blocked);
    blocked_->setVisible(!question.blocked.isEmpty());
    ask_word_->setText(tr("Production: type %1 to confirm").arg(question.word));
    ask_word_->setVisible(!question.word.isEmpty());
    word_->setAccessibleName(ask_word_->text());
    word_->setVisible(!question.word.isEmpty());
    confirm_->setText(question.button);
    setKind(confirm_, question.lowers ? "danger" : "primary");
    follow();
}

void ConfirmationSheet::follow() {
    confirm_->setEnabled(question_ && question_->mayBeAsked(word_->text()));
}

void ConfirmationSheet::confirm() {
    if (confirm_->isEnabled()) {
        Q_EMIT confirmed(word_->text(), reason_->text().trimmed());
    }
}

} // namespace aviary
