// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/clustersview.h"

#include "core/support/words.h"
#include "ui/clusters/checklines.h"
#include "ui/theme/card.h"
#include "ui/theme/label.h"
#include "ui/theme/layouts.h"
#include "ui/theme/viewheader.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>

namespace aviary {

namespace {

QTableView *tableOf(ClustersModel *model) {
    auto *table = new QTableView;
    table->setModel(model);
    table->setAccessibleName(ClustersView::tr("Clusters"));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    const Scale scale = Scale::of(table);
    table->verticalHeader()->setDefaultSectionSize(scale.whole(32));
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int widths[] = {170, 100, 110, 130, 70, 130, 120};
    for (int column = 0; column < ClustersModel::Text; ++column) {
        table->setColumnWidth(column, scale.whole(widths[column]));
    }
    return table;
}

} // namespace

ClustersView::ClustersView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , model_(new ClustersModel(this))
    , table_(tableOf(model_))
    , nothing_(new Label(tr("No cluster is connected."), TextSize::Body, Tone::Dim))
    , test_card_(new Card(tr("Connection test")))
    , checks_(new QGridLayout)
    , daemons_card_(new Card(tr("Daemons")))
    , daemons_(new QGridLayout) {
    setAccessibleName(tr("Clusters"));
    setFocusProxy(table_);
    header_->setTitle(tr("Clusters"));
    const Scale scale = Scale::of(this);
    auto *list = new Card;
    list->body()->addWidget(nothing_);
    list->body()->addWidget(table_);
    checks_->setColumnStretch(1, 1);
    test_card_->body()->addLayout(checks_);
    daemons_->setColumnStretch(2, 1);
    daemons_->setHorizontalSpacing(scale.whole(space::large));
    daemons_card_->body()->addLayout(daemons_);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(scale.whole(space::medium));
    rows->addWidget(header_);
    rows->addWidget(list, 1);
    rows->addWidget(test_card_);
    rows->addWidget(daemons_card_);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &now) {
                if (now.isValid()) {
                    Q_EMIT chosen(model_->line(now.row()).key);
                }
            });
    connect(table_, &QTableView::activated, this,
            [this](const QModelIndex &at) { Q_EMIT opened(model_->line(at.row()).key); });
    showTest();
}

void ClustersView::setLines(std::vector<ClusterLine> lines, const QString &chosen) {
    model_->setLines(std::move(lines));
    header_->setSubtitle(countedText(model_->rowCount(), tr("1 cluster"), tr("%1 clusters")));
    nothing_->setVisible(model_->rowCount() == 0);
    const int row = model_->find(chosen);
    if (row >= 0 && table_->currentIndex().row() != row) {
        const QSignalBlocker quiet(this); // it is chosen already
        table_->setCurrentIndex(model_->index(row, 0));
    }
}

void ClustersView::setTest(const TestValue &test) {
    if (test != test_) {
        test_ = test;
        showTest();
    }
}

void ClustersView::showTest() {
    clearLayout(checks_);
    test_card_->setVisible(!test_.cluster.isEmpty());
    test_card_->setTitle(tr("Connection test of %1").arg(boundedText(test_.cluster, 60)));
    test_card_->setNote(test_.running ? tr("asking") : QString());
    addCheckLines(checks_, test_.checks);
    if (!test_.trouble.isEmpty()) {
        checks_->addWidget(new Label(boundedText(test_.trouble), TextSize::Body, Tone::Bad), 0, 0,
                           1, 2);
    }
}

void ClustersView::setDaemons(const std::vector<DaemonLine> &daemons) {
    if (daemons != lines_of_daemons_) {
        lines_of_daemons_ = daemons;
        showDaemons();
    }
}

void ClustersView::showDaemons() {
    clearLayout(daemons_);
    int row = 0;
    for (const DaemonLine &line : lines_of_daemons_) {
        daemons_->addWidget(new Label(boundedText(line.name, 60)), row, 0);
        daemons_->addWidget(
            new Label(line.state, TextSize::Body, line.answers ? Tone::Good : Tone::Attention), row,
            1);
        auto *trouble = new Label(boundedText(line.trouble), TextSize::Body, Tone::Dim);
        trouble->setElided(true);
        daemons_->addWidget(trouble, row, 2);
        if (!line.answers) {
            auto *again = new QPushButton(tr("Reconnect now"));
            again->setAccessibleName(tr("Reconnect to %1 now").arg(boundedText(line.name, 60)));
            connect(again, &QPushButton::clicked, this,
                    [this, id = line.id] { Q_EMIT reconnectWanted(id); });
            daemons_->addWidget(again, row, 3);
        }
        if (line.removable) {
            auto *away = new QPushButton(tr("Take out"));
            away->setAccessibleName(tr("Take %1 out").arg(boundedText(line.name, 60)));
            connect(away, &QPushButton::clicked, this,
                    [this, id = line.id] { Q_EMIT removeDaemonWanted(id); });
            daemons_->addWidget(away, row, 4);
        }
        ++row;
    }
}

} // namespace aviary
