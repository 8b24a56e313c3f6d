// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/serviceform.h"

#include "core/support/words.h"
#include "ui/theme/label.h"
#include "ui/theme/prose.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace aviary {

namespace {
constexpr int field_length_max = 4'096;
}

ServiceForm::ServiceForm(QWidget *over)
    : Sheet(over)
    , title_(new Label({}, TextSize::Subtitle))
    , form_(new QFormLayout)
    , trouble_(new Prose({}, TextSize::Body, Tone::Bad))
    , rehearse_(new QPushButton(tr("Rehearse")))
    , submit_(new QPushButton(tr("Plan"))) {
    setAccessibleName(tr("Start a version"));
    title_->setStrong(true);
    form_->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form_->setVerticalSpacing(Scale::of(this).whole(space::small));
    service_ = add(tr("Service"), tr("one that runs"));
    addFile();
    image_ = add(tr("Image"), tr("as it is"));
    count_ = add(tr("Instances"), tr("as many as now"));
    variables_ = add(tr("Variables"), tr("NAME=VALUE NAME=\"A VALUE\""));
    part_ = add(tr("Part"), tr("where it has several"));
    task_ = add(tr("Task"), tr("where it has several"));
    body()->addWidget(title_);
    body()->addLayout(form_);
    body()->addWidget(new Prose(tr("The cluster plans it first; nothing changes before you have "
                                   "seen what it would do, and confirmed it."),
                                TextSize::Caption, Tone::Dim));
    body()->addWidget(trouble_);
    addButtons();
    connect(this, &Sheet::withdrawn, this, &Sheet::shut);
}

QLineEdit *ServiceForm::add(const QString &head, const QString &example) {
    auto *edit = new QLineEdit;
    edit->setAccessibleName(head);
    edit->setPlaceholderText(example);
    edit->setMaxLength(field_length_max);
    form_->addRow(new Label(head, TextSize::Body, Tone::Dim), edit);
    connect(edit, &QLineEdit::textChanged, this, &ServiceForm::follow);
    connect(edit, &QLineEdit::returnPressed, this, &ServiceForm::submit);
    return edit;
}

void ServiceForm::addFile() {
    file_ = add(tr("File"), tr("or a whole one: JSON, or the cluster's own language"));
    auto *choose = new QPushButton(tr("Choose a file\u2026"));
    choose->setAutoDefault(true);
    connect(choose, &QPushButton::clicked, this, &ServiceForm::chooseFile);
    form_->addRow(new Label, choose);
}

void ServiceForm::addButtons() {
    auto *cancel = new QPushButton(tr("Cancel"));
    submit_->setProperty("kind", QStringLiteral("primary"));
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(rehearse_);
    buttons->addWidget(submit_);
    body()->addLayout(buttons);
    for (QPushButton *button : {cancel, rehearse_, submit_}) {
        button->setAutoDefault(true);
    }
    connect(cancel, &QPushButton::clicked, this, &Sheet::shut);
    connect(rehearse_, &QPushButton::clicked, this, &ServiceForm::rehearse);
    connect(submit_, &QPushButton::clicked, this, &ServiceForm::submit);
}

void ServiceForm::ask(const QString &cluster_name, const QString &service) {
    title_->setText(tr("Start a version on %1").arg(boundedText(cluster_name, 60)));
    for (QLineEdit *edit : {file_, image_, count_, variables_, part_, task_}) {
        edit->clear();
    }
    service_->setText(service);
    follow();
    open(service.isEmpty() ? service_ : image_);
}

void ServiceForm::chooseFile() {
    auto *dialog = new QFileDialog(this, tr("Start a version from a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, file_, &QLineEdit::setText);
    dialog->open();
}

void ServiceForm::setTrouble(const QString &trouble) {
    trouble_->setText(trouble);
    trouble_->setVisible(!trouble.isEmpty());
    allow(true);
}

// A file takes the place of a service that runs.
void ServiceForm::follow() {
    service_->setEnabled(file_->text().isEmpty());
    setTrouble({});
    allow(!file_->text().trimmed().isEmpty() || !service_->text().trimmed().isEmpty());
}

void ServiceForm::allow(bool allowed) {
    rehearse_->setEnabled(allowed);
    submit_->setEnabled(allowed);
}

void ServiceForm::submit() {
    if (submit_->isEnabled()) {
        allow(false); // until it was answered
        Q_EMIT planWanted(wish());
    }
}

void ServiceForm::rehearse() {
    allow(false);
    Q_EMIT rehearsalWanted(wish());
}

ServiceWish ServiceForm::wish() const {
    const QString file = file_->text().trimmed();
    return {file.isEmpty() ? service_->text().trimmed() : QString(),
            file,
            image_->text().trimmed(),
            count_->text().trimmed(),
            variables_->text().trimmed(),
            part_->text().trimmed(),
            task_->text().trimmed()};
}

} // namespace aviary
