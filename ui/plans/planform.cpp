// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plans/planform.h"

#include "core/support/words.h"
#include "ui/theme/combobox.h"
#include "ui/theme/label.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QStyle>

#include <algorithm>

namespace aviary {

PlanForm::PlanForm(QWidget *parent) : QWidget(parent), grid_(new QGridLayout(this)) {
    const Scale scale = Scale::of(this);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(scale.whole(space::medium));
    grid_->setVerticalSpacing(scale.whole(space::tiny));
    grid_->setColumnStretch(1, 1);
    setAccessibleName(tr("The plan as a form"));
}

void PlanForm::setFields(const std::vector<PlanField> &fields) {
    const bool same =
        std::equal(fields.begin(), fields.end(), fields_.begin(), fields_.end(),
                   [](const PlanField &a, const PlanField &b) { return a.path == b.path; });
    fields_ = fields;
    if (!same) {
        build();
    }
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        fill(i);
    }
}

void PlanForm::build() {
    while (QLayoutItem *item = grid_->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater(); // it may be the one whose word is being heard
        }
        delete item;
    }
    editors_.clear();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const int row = static_cast<int>(i);
        grid_->addWidget(new Label(fields_[i].label, TextSize::Body, Tone::Dim), row, 0);
        editors_.push_back(editorOf(i));
        grid_->addWidget(editors_.back(), row, 1);
    }
    grid_->setRowStretch(static_cast<int>(fields_.size()), 1);
}

QWidget *PlanForm::editorOf(std::size_t index) {
    const PlanField &field = fields_[index];
    QWidget *editor = nullptr;
    if (field.choices.isEmpty()) {
        auto *line = new QLineEdit;
        line->setPlaceholderText(field.placeholder);
        connect(line, &QLineEdit::editingFinished, this,
                [this, index, line] { say(index, line->text()); });
        editor = line;
    } else {
        auto *box = new ComboBox;
        box->addItems(field.choices);
        connect(box, &QComboBox::textActivated, this,
                [this, index](const QString &text) { say(index, text); });
        editor = box;
    }
    editor->setAccessibleName(field.label);
    return editor;
}

void PlanForm::fill(std::size_t index) {
    const PlanField &field = fields_[index];
    QWidget *editor = editors_[index];
    const QString text = boundedText(field.text, 4'000);
    if (auto *line = qobject_cast<QLineEdit *>(editor)) {
        if (line->text() != text) {
            line->setText(text);
            line->setCursorPosition(0);
        }
        line->setProperty("fault", !field.fault.isEmpty());
        line->style()->unpolish(line);
        line->style()->polish(line);
    } else if (auto *box = qobject_cast<QComboBox *>(editor)) {
        const QString word = text.isEmpty() ? field.placeholder : text;
        box->setCurrentIndex(box->findText(QString(word).replace(u'_', u'-')));
    }
    editor->setToolTip(boundedText(field.fault).toHtmlEscaped());
    editor->setAccessibleDescription(boundedText(field.fault));
}

void PlanForm::say(std::size_t index, const QString &text) {
    if (index < fields_.size() && text.trimmed() != fields_[index].text) {
        Q_EMIT edited(PlanField(fields_[index]), text.trimmed());
    }
}

} // namespace aviary
