// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/clusterform.h"

#include "ui/models/signs.h"
#include "ui/theme/combobox.h"
#include "ui/theme/label.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

namespace aviary {

namespace {

constexpr int other_computer = -1; // in place of a kind

QString exampleOf(api::ClusterKind kind) {
    switch (kind) {
    case api::ClusterKind::Local:
        return QStringLiteral("nodes=12\nsites=3");
    case api::ClusterKind::Docker:
        return QStringLiteral("engines=...");
    case api::ClusterKind::Nomad:
        return QStringLiteral("address=https://nomad.example:4646\nnamespace=default");
    default:
        return QStringLiteral("name=value");
    }
}

QLineEdit *field(const QString &name, int length_max) {
    auto *edit = new QLineEdit;
    edit->setAccessibleName(name);
    edit->setMaxLength(length_max);
    return edit;
}

} // namespace

Result<QJsonObject> settingsFrom(const QString &lines) {
    QJsonObject settings;
    int number = 0;
    for (const QString &whole : lines.split(u'\n')) {
        ++number;
        const QString line = whole.trimmed();
        const qsizetype equals = line.indexOf(u'=');
        if (line.isEmpty()) {
            continue;
        }
        if (equals < 1) {
            return fail(ErrorCode::Invalid, ClusterForm::tr("\"%1\" is not a setting").arg(line),
                        ClusterForm::tr("line %1").arg(number),
                        ClusterForm::tr("write one a line: nodes=12"));
        }
        const QString text = line.mid(equals + 1).trimmed();
        bool is_number = false;
        const qint64 value = text.toLongLong(&is_number);
        settings.insert(line.left(equals).trimmed(),
                        is_number ? QJsonValue(value) : QJsonValue(text));
    }
    return settings;
}

ClusterForm::ClusterForm(QWidget *over)
    : Sheet(over)
    , title_(new Label({}, TextSize::Subtitle))
    , kind_(new ComboBox)
    , host_(field(tr("Host"), 255))
    , id_(field(tr("Id"), 63))
    , name_(field(tr("Name"), 100))
    , class_(new ComboBox)
    , approval_(new QCheckBox(tr("Plans need another person's approval")))
    , settings_(new QPlainTextEdit)
    , settings_head_(new Label(tr("Settings"), TextSize::Body, Tone::Dim))
    , note_(new Label({}, TextSize::Caption, Tone::Dim))
    , trouble_(new Label({}, TextSize::Body, Tone::Bad))
    , cancel_(new QPushButton(tr("Cancel")))
    , submit_(new QPushButton) {
    setAccessibleName(tr("Connect a cluster"));
    build();
    connect(kind_, &QComboBox::currentIndexChanged, this, &ClusterForm::follow);
    for (QLineEdit *edit : {host_, id_, name_}) {
        connect(edit, &QLineEdit::textChanged, this, &ClusterForm::follow);
        connect(edit, &QLineEdit::returnPressed, this, &ClusterForm::submit);
    }
    connect(cancel_, &QPushButton::clicked, this, &Sheet::shut);
    connect(this, &Sheet::withdrawn, this, &Sheet::shut);
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
    settings_->setAccessibleName(tr("Settings"));
    settings_->setTabChangesFocus(true);
    settings_->setFixedHeight(Scale::of(this).whole(84));
    title_->setStrong(true);
    note_->setWordWrap(true);
    trouble_->setWordWrap(true);
    approval_->setAccessibleName(approval_->text());
    submit_->setProperty("kind", QStringLiteral("primary"));
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto row = [form](const QString &head, QWidget *edit) {
        form->addRow(new Label(head, TextSize::Body, Tone::Dim), edit);
    };
    row(tr("Kind"), kind_);
    row(tr("Host"), host_);
    row(tr("Id"), id_);
    row(tr("Name"), name_);
    row(tr("Class"), class_);
    form->addRow(settings_head_, settings_);
    form->addRow(new Label, approval_);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel_);
    buttons->addWidget(submit_);
    body()->addWidget(title_);
    body()->addLayout(form);
    body()->addWidget(note_);
    body()->addWidget(trouble_);
    body()->addLayout(buttons);
    submit_->setAutoDefault(true);
    cancel_->setAutoDefault(true);
}

void ClusterForm::fill(const ClusterWish &wish) {
    kind_->setCurrentIndex(
        kind_->findData(wish.host.isEmpty() ? static_cast<int>(wish.kind) : other_computer));
    host_->setText(wish.host);
    id_->setText(wish.id);
    name_->setText(wish.name);
    class_->setCurrentIndex(class_->findData(static_cast<int>(wish.klass)));
    approval_->setChecked(wish.needs_approval);
    settings_->setPlainText(wish.settings);
    setTrouble({});
    follow();
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
    fill({row.id, row.name, row.kind, row.klass, row.needs_approval, {}, {}});
    open(name_);
}

void ClusterForm::setTrouble(const QString &trouble) {
    trouble_->setText(trouble);
    trouble_->setVisible(!trouble.isEmpty());
}

void ClusterForm::follow() {
    const int kind = kind_->currentData().toInt();
    const bool elsewhere = kind == other_computer;
    kind_->setEnabled(!editing_);
    id_->setEnabled(!editing_ && !elsewhere);
    name_->setEnabled(!elsewhere);
    class_->setEnabled(!elsewhere);
    approval_->setEnabled(!elsewhere);
    host_->setEnabled(elsewhere);
    settings_->setEnabled(!editing_ && !elsewhere);
    settings_->setPlaceholderText(
        elsewhere || editing_ ? QString() : exampleOf(static_cast<api::ClusterKind>(kind)));
    note_->setText(elsewhere  ? tr("It is reached by your own ssh: ssh HOST aviary stdio. No "
                                    "password is asked here.")
                   : editing_ ? tr("Kind and settings stay; remove the cluster to change them.")
                              : tr("It opens read-only; unlock it to act."));
    submit_->setEnabled(elsewhere ? !host_->text().trimmed().isEmpty()
                                  : !id_->text().trimmed().isEmpty());
}

ClusterWish ClusterForm::wish() const {
    ClusterWish wish;
    const int kind = kind_->currentData().toInt();
    if (kind == other_computer) {
        wish.host = host_->text().trimmed();
        return wish;
    }
    wish.kind = static_cast<api::ClusterKind>(kind);
    wish.id = id_->text().trimmed();
    wish.name = name_->text().trimmed();
    wish.klass = static_cast<api::ClusterClass>(class_->currentData().toInt());
    wish.needs_approval = approval_->isChecked();
    wish.settings = settings_->toPlainText();
    return wish;
}

void ClusterForm::submit() {
    if (submit_->isEnabled()) {
        setTrouble({});
        editing_ ? Q_EMIT editWanted(wish()) : Q_EMIT addWanted(wish());
    }
}

} // namespace aviary
