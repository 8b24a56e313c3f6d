// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/settingssheet.h"

#include "ui/theme/combobox.h"
#include "ui/theme/label.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace aviary {

SettingsSheet::SettingsSheet(QWidget *over)
    : Sheet(over)
    , theme_(new ComboBox)
    , name_(new QLineEdit)
    , command_(new QLineEdit)
    , webhook_(new QLineEdit) {
    setAccessibleName(tr("Settings"));
    theme_->addItem(tr("as the desktop has it"), QString());
    theme_->addItem(tr("dark"), QStringLiteral("dark"));
    theme_->addItem(tr("light"), QStringLiteral("light"));
    theme_->setAccessibleName(tr("Colours"));
    name_->setAccessibleName(tr("Your name"));
    name_->setMaxLength(60);
    command_->setAccessibleName(tr("Alert command"));
    command_->setPlaceholderText(tr("a program by its whole path, and arguments"));
    webhook_->setAccessibleName(tr("Alert webhook"));
    webhook_->setPlaceholderText(QStringLiteral("https://"));
    auto *title = new Label(tr("Settings"), TextSize::Subtitle);
    title->setStrong(true);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(new Label(tr("Colours"), TextSize::Body, Tone::Dim), theme_);
    form->addRow(new Label(tr("Your name"), TextSize::Body, Tone::Dim), name_);
    form->addRow(new Label(tr("Alert command"), TextSize::Body, Tone::Dim), command_);
    form->addRow(new Label(tr("Alert webhook"), TextSize::Body, Tone::Dim), webhook_);
    auto *note = new Label(tr("The name stands in the record beside your user; it counts from the "
                              "next start. Alerts are sent on a hold, a failure, a way back, a "
                              "lost cluster, and a run that left its prediction."),
                           TextSize::Caption, Tone::Dim);
    note->setWordWrap(true);
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *save = new QPushButton(tr("Save"));
    save->setProperty("kind", QStringLiteral("primary"));
    cancel->setAutoDefault(true);
    save->setAutoDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(save);
    body()->addWidget(title);
    body()->addLayout(form);
    body()->addWidget(note);
    body()->addLayout(buttons);
    const auto keep = [this] {
        shut();
        Q_EMIT changed(wish());
    };
    connect(save, &QPushButton::clicked, this, keep);
    connect(name_, &QLineEdit::returnPressed, this, keep);
    connect(cancel, &QPushButton::clicked, this, &Sheet::shut);
    connect(this, &Sheet::withdrawn, this, &Sheet::shut);
}

void SettingsSheet::show(const SettingsWish &wish) {
    theme_->setCurrentIndex(std::max(0, theme_->findData(wish.theme)));
    name_->setText(wish.name);
    command_->setText(wish.alert_command);
    webhook_->setText(wish.alert_webhook);
    open(theme_);
}

SettingsWish SettingsSheet::wish() const {
    return {theme_->currentData().toString(), name_->text().trimmed(), command_->text().trimmed(),
            webhook_->text().trimmed()};
}

} // namespace aviary
