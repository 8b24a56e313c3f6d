// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/filterfield.h"

#include "ui/fleet/completiondelegate.h"
#include "ui/fleet/completionmodel.h"
#include "ui/theme/icon.h"
#include "ui/theme/label.h"
#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStyle>
#include <QTextCharFormat>

#include <algorithm>

namespace aviary {

FilterField::FilterField(QWidget *parent)
    : QWidget(parent)
    , edit_(new QLineEdit)
    , message_(new Label({}, TextSize::Body, Tone::Dim))
    , completer_(new QCompleter(this))
    , offered_(new CompletionModel(this)) {
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Scale::of(this).whole(space::medium));
    row->addWidget(edit_, 3);
    row->addWidget(message_, 2);
    message_->setElided(true);
    message_->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    message_->setAccessibleName(tr("What the filter matches"));
    edit_->setMaxLength(api::Filter::text_length_max);
    edit_->setPlaceholderText(tr("Filter: site:eu-* health:!healthy revision:v41 behind:>0"));
    edit_->setAccessibleName(tr("Filter nodes"));
    edit_->addAction(lineIcon(QStringLiteral("filter")), QLineEdit::LeadingPosition);
    edit_->setClearButtonEnabled(true);
    edit_->installEventFilter(this);
    setFocusProxy(edit_);

    completer_->setModel(offered_);
    completer_->setWidget(edit_);
    completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    completer_->setMaxVisibleItems(static_cast<int>(FilterCompletion::candidates_max));
    completer_->popup()->setItemDelegate(new CompletionDelegate(completer_->popup()));
    completer_->popup()->setAccessibleName(tr("What the filter offers"));
    connect(completer_, qOverload<const QString &>(&QCompleter::activated), this,
            &FilterField::insert);
    connect(edit_, &QLineEdit::textChanged, this, &FilterField::read);
    connect(edit_, &QLineEdit::textEdited, this, &FilterField::offer);
}

QString FilterField::text() const {
    return edit_->text();
}

void FilterField::setText(const QString &text) {
    edit_->setText(text);
}

void FilterField::setNote(const QString &note) {
    note_ = note;
    showMessage();
}

QString FilterField::message() const {
    return message_->text();
}

void FilterField::read() {
    const auto filter = api::Filter::parse(text());
    error_.clear();
    remedy_.clear();
    error_place_.reset();
    if (filter) {
        Q_EMIT filterChanged(*filter);
    } else {
        error_ = filter.error().what;
        remedy_ = filter.error().remedy;
        error_place_ = filterErrorPlace(filter.error()).value_or(0);
    }
    edit_->setProperty("fault", !error_.isEmpty());
    edit_->style()->unpolish(edit_);
    edit_->style()->polish(edit_);
    colour();
    showMessage();
}

void FilterField::showMessage() {
    const bool bad = !error_.isEmpty();
    message_->setTone(bad ? Tone::Bad : Tone::Dim);
    message_->setText(bad && !remedy_.isEmpty() ? error_ + QStringLiteral("; ") + remedy_
                      : bad                     ? error_
                                                : note_);
}

// A line edit shows formats only where an input method asks for them.
void FilterField::colour() {
    using Attribute = QInputMethodEvent::Attribute;
    const Tokens &tokens = tokensOf(this);
    QList<Attribute> attributes;
    const int cursor = edit_->cursorPosition();
    QTextCharFormat key;
    key.setForeground(tokens(Role::Accent));
    for (const auto &[from, length] : filterKeys(text())) {
        attributes += Attribute(QInputMethodEvent::TextFormat, from - cursor, length, key);
    }
    if (error_place_ && !text().isEmpty()) {
        QTextCharFormat wrong;
        wrong.setForeground(tokens(Role::Bad));
        wrong.setUnderlineStyle(QTextCharFormat::SingleUnderline);
        wrong.setUnderlineColor(tokens(Role::Bad));
        const int place = std::min(*error_place_, static_cast<int>(text().size()) - 1);
        attributes += Attribute(QInputMethodEvent::TextFormat, place - cursor, 1, wrong);
    }
    QInputMethodEvent event({}, attributes);
    QCoreApplication::sendEvent(edit_, &event);
}

void FilterField::offer() {
    if (!store_ || inserting_) {
        return;
    }
    completion_ = completeFilter(*store_, text(), edit_->cursorPosition());
    // What is there already in full is no offer.
    const QString typed = text().mid(completion_.from, completion_.length);
    if (completion_.candidates.empty() ||
        (completion_.candidates.size() == 1 && completion_.candidates[0].word == typed)) {
        completer_->popup()->hide();
        return;
    }
    offered_->setCandidates(completion_.candidates);
    QAbstractItemView *popup = completer_->popup();
    QRect at = edit_->rect();
    at.setWidth(std::min(edit_->width(), popup->sizeHintForColumn(0) + Scale::of(this).whole(24)));
    const int offset = edit_->fontMetrics().horizontalAdvance(text().left(completion_.from));
    at.translate(std::min(offset, std::max(0, edit_->width() - at.width())), 0);
    completer_->complete(at);
}

void FilterField::insert(const QString &word) {
    inserting_ = true;
    QString text = this->text();
    const bool key = word.endsWith(u':');
    text.replace(completion_.from, completion_.length, key ? word : word + u' ');
    edit_->setText(text);
    edit_->setCursorPosition(completion_.from + static_cast<int>(word.size()) + (key ? 0 : 1));
    colour();
    inserting_ = false;
    if (key) {
        offer();
    }
}

bool FilterField::eventFilter(QObject *object, QEvent *event) {
    if (object == edit_ && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool popup = completer_->popup()->isVisible();
        if (key->key() == Qt::Key_Escape && (popup || !text().isEmpty())) {
            popup ? completer_->popup()->hide() : edit_->clear();
            return true;
        }
        if (key->key() == Qt::Key_Down && !popup) {
            offer();
            return true;
        }
    }
    return QWidget::eventFilter(object, event);
}

void FilterField::changeEvent(QEvent *event) {
    if (event->type() == QEvent::PaletteChange) {
        colour();
    }
    QWidget::changeEvent(event);
}

} // namespace aviary
