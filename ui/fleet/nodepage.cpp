// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/nodepage.h"

#include "core/support/words.h"
#include "ui/fleet/logpane.h"
#include "ui/models/signs.h"
#include "ui/theme/card.h"
#include "ui/theme/icon.h"

#include <QAction>
#include <QGridLayout>
#include <QHeaderView>
#include <QTableWidget>
#include <QVBoxLayout>

namespace aviary {
namespace {

constexpr int name_max = 120;
constexpr int text_max = 400;
constexpr qreal row_px = 26;

Sign signOf(api::Health health) {
    switch (health) {
    case api::Health::Healthy:
        return Sign::NodeHealthy;
    case api::Health::Unhealthy:
        return Sign::NodeFailed;
    case api::Health::Unknown:
    case api::Health::NoChecks:
        break;
    }
    return Sign::NodeUnknown;
}

QString used(std::int64_t used_mib, std::int64_t capacity_mib) {
    const QString amount = countText(used_mib) + QStringLiteral(" MiB");
    return capacity_mib > 0 ? NodePage::tr("%1 of %2 MiB, %3")
                                  .arg(amount, countText(capacity_mib),
                                       rateText(double(used_mib) / double(capacity_mib), 0))
                            : NodePage::tr("%1; capacity not known").arg(amount);
}

} // namespace

NodePage::NodePage(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , services_card_(new Card(tr("Services")))
    , checks_card_(new Card(tr("Checks")))
    , facts_card_(new Card(tr("About the node")))
    , happenings_card_(new Card(tr("What happened")))
    , services_(addTable(services_card_, {tr("service"), tr("revision"), tr("state")}, 2))
    , checks_(addTable(checks_card_, {tr("check"), tr("service"), tr("answer")}, 2))
    , facts_(addTable(facts_card_, {tr("what"), tr("value")}, 1))
    , happenings_(addTable(happenings_card_, {tr("when"), tr("who"), tr("what")}, 2))
    , log_(new LogPane) {
    setAccessibleName(tr("Node"));
    setFocusPolicy(Qt::StrongFocus);
    build();
}

void NodePage::build() {
    const Scale scale = Scale::of(this);
    auto *back = new QAction(lineIcon(QStringLiteral("step-back")), tr("Back to the fleet"), this);
    back->setIconText(tr("Fleet"));
    connect(back, &QAction::triggered, this, &NodePage::backWanted);
    header_->addAction(back);
    auto *again =
        new QAction(lineIcon(QStringLiteral("refresh")), tr("Ask the checks again"), this);
    again->setIconText(tr("Check again"));
    connect(again, &QAction::triggered, this, &NodePage::checksWanted);
    header_->addAction(again);

    auto *log_card = new Card(tr("Log"));
    log_card->body()->addWidget(log_, 1);
    auto *grid = new QGridLayout;
    grid->setSpacing(scale.whole(space::medium));
    grid->addWidget(services_card_, 0, 0);
    grid->addWidget(checks_card_, 0, 1);
    grid->addWidget(facts_card_, 1, 0);
    grid->addWidget(happenings_card_, 1, 1);
    grid->addWidget(log_card, 2, 0, 1, 2);
    grid->setRowStretch(0, 2);
    grid->setRowStretch(1, 3);
    grid->setRowStretch(2, 4);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    auto *rows = new QVBoxLayout(this);
    const int side = scale.whole(space::large);
    rows->setContentsMargins(side, scale.whole(space::medium), side, side);
    rows->setSpacing(scale.whole(space::medium));
    rows->addWidget(header_);
    rows->addLayout(grid, 1);
}

QTableWidget *NodePage::addTable(Card *card, const QStringList &titles, int stretched) {
    auto *table = new QTableWidget(0, static_cast<int>(titles.size()));
    table->setAccessibleName(titles.join(QStringLiteral(", ")));
    table->setHorizontalHeaderLabels(titles);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(stretched, QHeaderView::Stretch);
    table->verticalHeader()->hide();
    const int row = Scale::of(this).whole(row_px);
    table->verticalHeader()->setMinimumSectionSize(row);
    table->verticalHeader()->setDefaultSectionSize(row);
    table->setMinimumHeight(2 * row);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    card->body()->addWidget(table, 1);
    return table;
}

// A sign stands before the first cell of its row. Cells stay and only their words change, so that
// what a person selected to copy is still selected.
void NodePage::fill(QTableWidget *table, const std::vector<Row> &rows,
                    const std::vector<Sign> &signs) {
    table->setRowCount(static_cast<int>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (qsizetype column = 0; column < rows[i].size(); ++column) {
            const int row = static_cast<int>(i), at = static_cast<int>(column);
            const QString text = boundedText(rows[i][column], text_max);
            QTableWidgetItem *item = table->item(row, at);
            if (!item) {
                item = new QTableWidgetItem;
                item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
                table->setItem(row, at, item);
            }
            item->setText(text);
            item->setToolTip(text.toHtmlEscaped());
            if (column == 0 && i < signs.size()) {
                item->setIcon(signIcon(signs[i]));
                item->setData(Qt::AccessibleTextRole,
                              QString(nameOf(signs[i]) + QStringLiteral(", ") + text));
            }
        }
    }
}

void NodePage::setValue(const NodePageValue &value) {
    value_ = value;
    showHead();
    showServices();
    showChecks();
    showFacts();
    showHappenings();
}

void NodePage::showHead() {
    if (!value_.node) {
        header_->setTitle(boundedText(value_.id, name_max));
        header_->setSubtitle(tr("this node is not there any more"));
        header_->setChips({});
        return;
    }
    const api::NodeRow &node = *value_.node;
    header_->setTitle(boundedText(node.name, name_max));
    const QString heard = heardText(node.heard_wall_ms, value_.now_wall_ms);
    header_->setSubtitle(
        tr("%1, %2; heard %3 ago")
            .arg(boundedText(node.site, name_max), boundedText(node.address, name_max), heard));
    const Sign sign = aviary::signOf(node);
    std::vector<ChipValue> chips{{nameOf(sign), roleOf(sign), sign, false}};
    const QString flags = flagsText(node.flags);
    if (!flags.isEmpty() && flags != nameOf(sign)) {
        chips.push_back({flags, Role::Attention, Sign::None, false});
    }
    header_->setChips(chips);
}

void NodePage::showServices() {
    std::vector<Row> rows;
    std::vector<Sign> signs;
    QStringList names;
    for (const api::ServiceOnNode &one :
         value_.node ? value_.node->services : std::vector<api::ServiceOnNode>()) {
        const QString state = one.ready ? tr("ready") : tr("not ready");
        rows.push_back({one.service, one.revision,
                        one.text.isEmpty() ? state : state + QStringLiteral("; ") + one.text});
        signs.push_back(one.ready ? Sign::NodeHealthy : Sign::NodeDegraded);
        if (!names.contains(one.service)) {
            names += one.service;
        }
    }
    fill(services_, rows, signs);
    services_card_->setNote(rows.empty() ? tr("none runs here") : QString());
    log_->setServices(names);
}

void NodePage::showChecks() {
    std::vector<Row> rows;
    std::vector<Sign> signs;
    if (value_.health) {
        for (const api::HealthRow &one : value_.health->checks) {
            rows.push_back({one.check, one.service + u' ' + one.revision,
                            one.critical ? one.text : tr("%1 (not critical)").arg(one.text)});
            signs.push_back(signOf(one.health));
        }
    }
    fill(checks_, rows, signs);
    checks_card_->setNote(!value_.health_trouble.isEmpty() ? boundedText(value_.health_trouble)
                          : value_.health                  ? boundedText(value_.health->text)
                                                           : tr("asking\u2026"));
}

void NodePage::showFacts() {
    std::vector<Row> rows;
    if (value_.node) {
        const api::NodeRow &node = *value_.node;
        rows.push_back({tr("id"), node.id});
        rows.push_back({tr("behind"), node.behind == 0 ? tr("nothing") : countText(node.behind)});
        rows.push_back({tr("CPU"), rateText(double(node.usage.cpu) / 1e6, 0)});
        rows.push_back({tr("memory"), used(node.usage.memory_mib, node.capacity.memory_mib)});
        rows.push_back({tr("disk"), used(node.usage.disk_mib, node.capacity.disk_mib)});
        rows.push_back({tr("instances"), node.capacity.services > 0
                                             ? tr("%1 of %2")
                                                   .arg(countText(node.usage.services),
                                                        countText(node.capacity.services))
                                             : countText(node.usage.services)});
        rows.push_back({tr("heard"), exactTime(node.heard_wall_ms)});
        for (const auto &[key, value] : node.labels) {
            rows.push_back({tr("label %1").arg(boundedText(key, name_max)), value});
        }
    }
    fill(facts_, rows, {});
}

void NodePage::showHappenings() {
    std::vector<Row> rows;
    if (value_.happenings) {
        for (const api::Happening &one : *value_.happenings) {
            rows.push_back({exactTime(one.wall_ms), one.who, one.text});
        }
    }
    fill(happenings_, rows, {});
    happenings_card_->setNote(!value_.happenings_trouble.isEmpty()
                                  ? boundedText(value_.happenings_trouble)
                              : !value_.happenings         ? tr("asking\u2026")
                              : value_.happenings->empty() ? tr("nothing was recorded")
                                                           : QString());
}

} // namespace aviary
