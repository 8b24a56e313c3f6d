// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/settingfields.h"

#include "ui/theme/label.h"

#include <QFormLayout>
#include <QLineEdit>

#include <algorithm>

namespace aviary {
namespace {

using Kind = api::SettingField::Kind;
constexpr int length_max = 1'000;

} // namespace

SettingFields::SettingFields(QFormLayout *form, QObject *parent)
    : QObject(parent), form_(form), first_(form->rowCount()) {}

void SettingFields::setKind(api::ClusterKind kind) {
    if (kind_ == kind) {
        return;
    }
    clear();
    kind_ = kind;
    for (const api::SettingField &field : api::settingFields(kind)) {
        add(field);
    }
}

void SettingFields::add(const api::SettingField &field) {
    auto *edit = new QLineEdit;
    edit->setAccessibleName(field.label);
    edit->setAccessibleDescription(field.note);
    edit->setMaxLength(length_max);
    edit->setPlaceholderText(field.example.isEmpty() ? field.note : field.example);
    edit->setToolTip(field.note.toHtmlEscaped());
    if (field.kind == Kind::Secret) {
        edit->setEchoMode(QLineEdit::Password);
        edit->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData |
                                  Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    }
    auto *label = new Label(field.label, TextSize::Body, Tone::Dim);
    label->setBuddy(edit);
    form_->insertRow(first_ + static_cast<int>(rows_.size()), label, edit);
    rows_.push_back({field, label, edit});
    connect(edit, &QLineEdit::textChanged, this, &SettingFields::edited);
    connect(edit, &QLineEdit::returnPressed, this, &SettingFields::submitted);
}

void SettingFields::clear() {
    for (const Row &row : rows_) {
        form_->removeRow(row.edit);
    }
    rows_.clear();
}

void SettingFields::showOnlySecret(bool only) {
    for (const Row &row : rows_) {
        form_->setRowVisible(row.edit, !only || row.field.kind == Kind::Secret);
    }
}

void SettingFields::hide() {
    for (const Row &row : rows_) {
        form_->setRowVisible(row.edit, false);
    }
}

void SettingFields::fill(const QJsonObject &settings) {
    for (const Row &row : rows_) {
        row.edit->setText(row.field.kind == Kind::Secret ? QString()
                                                         : api::settingText(settings, row.field));
    }
}

QJsonObject SettingFields::settings() const {
    QJsonObject settings;
    for (const Row &row : rows_) {
        if (row.field.kind != Kind::Secret) {
            api::putSetting(settings, row.field, row.edit->text());
        }
    }
    return settings;
}

bool SettingFields::hasSecret() const {
    return std::ranges::any_of(rows_,
                               [](const Row &row) { return row.field.kind == Kind::Secret; });
}

QString SettingFields::secret() const {
    for (const Row &row : rows_) {
        if (row.field.kind == Kind::Secret) {
            return row.edit->text().trimmed();
        }
    }
    return {};
}

QString SettingFields::takeFlaw() const {
    for (const Row &row : rows_) {
        const QString flaw = api::flawOf(row.field, row.edit->text());
        if (!flaw.isEmpty() && form_->isRowVisible(row.edit)) {
            row.edit->setFocus(Qt::OtherFocusReason);
            return tr("%1: %2").arg(row.field.label, flaw);
        }
    }
    return {};
}

} // namespace aviary
