// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/clusterform.h"

#include "ui/clusters/checklines.h"
#include "ui/clusters/settingfields.h"
#include "ui/models/signs.h"
#include "ui/theme/combobox.h"
#include "ui/theme/label.h"
#include "ui/theme/layouts.h"
#include "ui/theme/prose.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>

namespace aviary {

namespace {

constexpr int other_computer = -1; // in place of a kind

QLineEdit *field(const QString &name, int length_max) {
    auto *edit = new QLineEdit;
    edit->setAccessibleName(name);
    edit->setMaxLength(length_max);
    return edit;
}

} // namespace

ClusterForm::ClusterForm(QWidget *over)
    : Sheet(over)
    , title_(new Label({}, TextSize::Subtitle))
    , kind_(new ComboBox)
    , host_(field(tr("Host"), 255))
    , id_(field(tr("Id"), 63))
    , name_(field(tr("Name"), 100))
    , class_(new ComboBox)
    , approval_(new QCheckBox(tr("Plans need another person's approval")))
    , form_(new QFormLayout)
    , checks_(new QGridLayout)
    , note_(new Prose({}, TextSize::Caption, Tone::Dim))
    , trouble_(new Prose({}, TextSize::Body, Tone::Bad))
    , cancel_(new QPushButton(tr("Cancel")))
    , test_(new QPushButton(tr("Test")))
    , submit_(new QPushButton) {
    setAccessibleName(tr("Connect a cluster"));
    build();
    connect(kind_, &QComboBox::currentIndexChanged, this, &ClusterForm::follow);
    for (QLineEdit *edit : {host_, id_, name_}) {
        connect(edit, &QLineEdit::textChanged, this, &ClusterForm::follow);
        connect(edit, &QLineEdit::returnPressed, this, &ClusterForm::submit);
    }
    connect(settings_, &SettingFields::edited, this, [this] {
        setTrouble({});
        setChecks({}); // they were about what stood there
    });
    connect(settings_, &SettingFields::submitted, this, &ClusterForm::submit);
    connect(cancel_, &QPushButton::clicked, this, &Sheet::shut);
    connect(this, &Sheet::withdrawn, this, &Sheet::shut);
    connect(test_, &QPushButton::clicked, this, &ClusterForm::test);
    connect(submit_, &QPushButton::clicked, this, &ClusterForm::submit);
}

void ClusterForm::build() {
    using Class = api::ClusterClass;
    for (const api::ClusterKind kind : connectable_kinds) {
        kind_->addItem(nameOf(kind), static_cast<int>(kind));
    }
    kind_->addItem(tr("the daemon of another computer, over ssh"), other_computer);
    kind_->setAccessibleName(tr("Kind"));
    for (const Class klass : {Class::Development, Class::Staging, Class::Production}) {
        class_->addItem(nameOf(klass), static_cast<int>(klass));
    }
    class_->setAccessibleName(tr("Class"));
    title_->setStrong(true);
    approval_->setAccessibleName(approval_->text());
    form_->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form_->setVerticalSpacing(Scale::of(this).whole(space::small));
    const auto row = [this](const QString &head, QWidget *edit) {
        form_->addRow(new Label(head, TextSize::Body, Tone::Dim), edit);
    };
    row(tr("Kind"), kind_);
    row(tr("Host"), host_);
    row(tr("Id"), id_);
    row(tr("Name"), name_);
    row(tr("Class"), class_);
    settings_ = new SettingFields(form_, this);
    form_->addRow(new Label, approval_);
    checks_->setColumnStretch(1, 1);
    body()->addWidget(title_);
    body()->addLayout(form_);
    body()->addWidget(note_);
    body()->addLayout(checks_);
    body()->addWidget(trouble_);
    addButtons();
}

void ClusterForm::addButtons() {
    submit_->setProperty("kind", QStringLiteral("primary"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(test_);
    buttons->addStretch();
    buttons->addWidget(cancel_);
    buttons->addWidget(submit_);
    body()->addLayout(buttons);
    for (QPushButton *button : {test_, cancel_, submit_}) {
        button->setAutoDefault(true);
    }
}

void ClusterForm::fill(const ClusterWish &wish) {
    kind_->setCurrentIndex(
        kind_->findData(wish.host.isEmpty() ? static_cast<int>(wish.kind) : other_computer));
    host_->setText(wish.host);
    id_->setText(wish.id);
    name_->setText(wish.name);
    class_->setCurrentIndex(class_->findData(static_cast<int>(wish.klass)));
    approval_->setChecked(wish.needs_approval);
    follow();
    settings_->fill(wish.settings);
    setTrouble({});
    setChecks({});
}

void ClusterForm::add(const ClusterWish &offered) {
    editing_ = false;
    title_->setText(tr("Connect a cluster"));
    submit_->setText(tr("Connect"));
    fill(offered);
    open(kind_);
}

void ClusterForm::edit(const api::ClusterRow &row) {
    editing_ = true;
    title_->setText(tr("Edit %1").arg(row.id));
    submit_->setText(tr("Save"));
    fill({row.id, row.name, row.kind, row.klass, row.needs_approval, {}, {}, {}});
    open(name_);
}

void ClusterForm::setTrouble(const QString &trouble) {
    trouble_->setText(trouble);
    trouble_->setVisible(!trouble.isEmpty());
}

void ClusterForm::setChecks(const std::vector<api::CheckRow> &checks) {
    clearLayout(checks_);
    addCheckLines(checks_, checks);
}

bool ClusterForm::isElsewhere() const {
    return kind_->currentData().toInt() == other_computer;
}

// Shows what the chosen kind is told, and nothing else.
void ClusterForm::follow() {
    const bool elsewhere = isElsewhere();
    kind_->setEnabled(!editing_);
    id_->setEnabled(!editing_);
    form_->setRowVisible(host_, elsewhere);
    for (QWidget *one : {static_cast<QWidget *>(id_), static_cast<QWidget *>(name_),
                         static_cast<QWidget *>(class_), static_cast<QWidget *>(approval_)}) {
        form_->setRowVisible(one, !elsewhere);
    }
    if (elsewhere) {
        settings_->hide();
    } else {
        settings_->setKind(static_cast<api::ClusterKind>(kind_->currentData().toInt()));
        settings_->showOnlySecret(editing_);
    }
    note_->setText(elsewhere   ? tr("It is reached by your own ssh: ssh HOST aviary stdio. No "
                                      "password is asked here.")
                   : !editing_ ? tr("It opens read-only; unlock it to act.")
                   : settings_->hasSecret()
                       ? tr("Kind and settings stay; remove the cluster to change them. A token "
                            "that is kept stays, too, where none is given.")
                       : tr("Kind and settings stay; remove the cluster to change them."));
    test_->setVisible(!elsewhere && !editing_);
    submit_->setEnabled(elsewhere ? !host_->text().trimmed().isEmpty()
                                  : !id_->text().trimmed().isEmpty());
}

ClusterWish ClusterForm::wish() const {
    ClusterWish wish;
    if (isElsewhere()) {
        wish.host = host_->text().trimmed();
        return wish;
    }
    wish.kind = static_cast<api::ClusterKind>(kind_->currentData().toInt());
    wish.id = id_->text().trimmed();
    wish.name = name_->text().trimmed();
    wish.klass = static_cast<api::ClusterClass>(class_->currentData().toInt());
    wish.needs_approval = approval_->isChecked();
    wish.settings = settings_->settings();
    wish.token = settings_->secret();
    return wish;
}

bool ClusterForm::isSound() {
    const QString flaw = isElsewhere() ? QString() : settings_->takeFlaw();
    setTrouble(flaw);
    return flaw.isEmpty();
}

void ClusterForm::submit() {
    if (submit_->isEnabled() && isSound()) {
        editing_ ? Q_EMIT editWanted(wish()) : Q_EMIT addWanted(wish());
    }
}

void ClusterForm::test() {
    if (isSound()) {
        setChecks({{tr("asking"), true, {}}});
        Q_EMIT testWanted(wish());
    }
}

} // namespace aviary
