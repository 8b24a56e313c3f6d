// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/waybackdialog.h"

#include "core/support/words.h"
#include "ui/models/signs.h"
#include "ui/theme/label.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace aviary {

void VersionsModel::setRows(std::vector<api::DeploymentRow> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    std::ranges::sort(rows_, std::greater<>(), &api::DeploymentRow::version);
    endResetModel();
}

int VersionsModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int VersionsModel::columnCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : columns;
}

QVariant VersionsModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const api::DeploymentRow &one = row(index.row());
    if (role == Qt::DecorationRole && index.column() == Outcome) {
        return signIcon(signOf(one.status));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case Version:
        return QString::number(one.version);
    case Revision:
        return boundedText(one.revision, 60);
    case Outcome:
        return nameOf(signOf(one.status));
    case When:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(one.started_wall_ms),
                                  QLocale::ShortFormat);
    case Who:
        return boundedText(one.who, 60);
    case Marks: {
        QStringList marks;
        if (one.bad) {
            marks << tr("bad");
        }
        if (one.stable) {
            marks << tr("stable");
        }
        for (const QString &tag : one.tags) {
            marks << boundedText(tag, 40);
        }
        return marks.join(QStringLiteral(", "));
    }
    default:
        return {};
    }
}

QVariant VersionsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    const std::array names{tr("version"), tr("revision"), tr("how it ended"),
                           tr("when"),    tr("who"),      tr("marks")};
    return section >= 0 && section < columns ? names[static_cast<std::size_t>(section)] : QString();
}

WayBackDialog::WayBackDialog(const QString &service, const QString &current,
                             std::vector<api::DeploymentRow> rows, QWidget *parent)
    : QDialog(parent)
    , current_(current)
    , model_(new VersionsModel(this))
    , table_(new QTableView)
    , refusal_(new Label({}, TextSize::Caption, Tone::Dim))
    , go_(new QPushButton) {
    const QString name = boundedText(service, 60);
    setWindowTitle(tr("Roll back %1").arg(name));
    setAccessibleName(windowTitle());
    model_->setRows(std::move(rows));
    table_->setModel(model_);
    table_->setAccessibleName(tr("Versions of %1, newest first").arg(name));
    table_->setFrameShape(QFrame::NoFrame);
    table_->setShowGrid(false);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setTabKeyNavigation(false);
    table_->setWordWrap(false);
    table_->verticalHeader()->hide();
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    table_->horizontalHeader()->setStretchLastSection(true);
    table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->setAccessibleName(tr("Columns"));
    refusal_->setElided(true);
    go_->setProperty("kind", QStringLiteral("danger"));
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(go_);
    auto *lines = new QVBoxLayout(this);
    lines->setSpacing(Scale::of(this).whole(space::medium));
    auto *title = new Label(tr("Roll back %1 to which version?").arg(name), TextSize::Subtitle);
    title->setElided(true);
    lines->addWidget(title);
    lines->addWidget(table_, 1);
    lines->addWidget(refusal_);
    lines->addLayout(buttons);
    resize(Scale::of(this).whole(680), Scale::of(this).whole(380));
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go_, &QPushButton::clicked, this, &WayBackDialog::choose);
    connect(table_, &QTableView::activated, this, &WayBackDialog::choose);
    connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &WayBackDialog::follow);
    // The newest version that can be gone back to.
    for (int row = 0; row < model_->rowCount(); ++row) {
        table_->setCurrentIndex(model_->index(row, 0));
        if (refusal().isEmpty()) {
            break;
        }
    }
    follow();
    table_->ensurePolished();
    table_->resizeColumnsToContents();
    table_->setFocus();
}

QString WayBackDialog::refusal() const {
    const QModelIndex index = table_->currentIndex();
    if (!index.isValid()) {
        return model_->rowCount() == 0 ? tr("there is no other version in the history")
                                       : tr("choose a version");
    }
    const api::DeploymentRow &row = model_->row(index.row());
    if (row.revision == current_) {
        return tr("this is what is rolled back; choose another one");
    }
    if (row.bad) {
        return tr("%1 is marked bad; take the mark away in the history first")
            .arg(boundedText(row.revision, 40));
    }
    return {};
}

void WayBackDialog::follow() {
    const QString reason = refusal();
    const QModelIndex index = table_->currentIndex();
    go_->setEnabled(reason.isEmpty());
    go_->setText(
        reason.isEmpty()
            ? tr("Roll back to %1\u2026").arg(boundedText(model_->row(index.row()).revision, 40))
            : tr("Roll back\u2026"));
    refusal_->setText(reason.isEmpty() ? tr("nothing happens before you confirm its effect")
                                       : reason);
}

void WayBackDialog::choose() {
    if (!refusal().isEmpty()) {
        return;
    }
    const api::DeploymentRow &row = model_->row(table_->currentIndex().row());
    accept();
    Q_EMIT chosen(QString::number(row.version));
}

} // namespace aviary
