// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rehearsal/rehearsalview.h"

#include "core/support/words.h"
#include "ui/rehearsal/hypothesesmodel.h"
#include "ui/theme/card.h"
#include "ui/theme/factlist.h"
#include "ui/theme/label.h"
#include "ui/theme/viewheader.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace aviary {

namespace {

QTableView *tableOf(QAbstractItemModel *model, const QString &name) {
    auto *table = new QTableView;
    const Scale scale = Scale::of(table);
    table->setModel(model);
    table->setAccessibleName(name);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(scale.whole(26));
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return table;
}

} // namespace

RehearsalView::RehearsalView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , hypotheses_(new HypothesesModel(this))
    , futures_(new FuturesModel(this)) {
    setAccessibleName(tr("Rehearsal"));
    header_->setTitle(tr("Rehearsal"));
    const Scale scale = Scale::of(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(scale.whole(space::medium));
    layout->addWidget(header_);
    layout->addWidget(top());
    layout->addWidget(middle(), 3);
    layout->addWidget(futuresCard(), 2);
    wire();
    value_.trouble = QStringLiteral("-"); // so that the first value is always shown
    setValue({});
}

QWidget *RehearsalView::top() {
    const Scale scale = Scale::of(this);
    question_ = new Card(tr("What the new revision may be"));
    table_ = tableOf(hypotheses_, tr("Hypotheses"));
    table_->setItemDelegate(new HypothesesDelegate(table_));
    table_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                            QAbstractItemView::SelectedClicked);
    table_->horizontalHeader()->setSectionResizeMode(HypothesesModel::Outcome,
                                                     QHeaderView::Stretch);
    table_->horizontalHeader()->setSectionResizeMode(HypothesesModel::Bar, QHeaderView::Fixed);
    table_->setColumnWidth(HypothesesModel::Bar, scale.whole(150));
    trouble_ = new Label({}, TextSize::Body, Tone::Dim);
    trouble_->setWordWrap(true);
    total_ = new Label({}, TextSize::Caption, Tone::Dim);
    total_->setWordWrap(true);
    progress_row_ = new QWidget;
    auto *row = new QHBoxLayout(progress_row_);
    row->setContentsMargins(0, 0, 0, 0);
    progress_ = new QProgressBar;
    progress_->setRange(0, 1'000);
    progress_->setTextVisible(false);
    progress_->setFixedHeight(scale.whole(8));
    progress_->setAccessibleName(tr("Futures that are done"));
    progress_text_ = new Label({}, TextSize::Caption, Tone::Dim);
    cancel_ = new QPushButton(tr("Cancel"));
    cancel_->setAccessibleName(tr("Cancel the rehearsal"));
    row->addWidget(progress_, 1);
    row->addWidget(progress_text_);
    row->addWidget(cancel_);
    question_->body()->addWidget(trouble_);
    question_->body()->addWidget(table_);
    question_->body()->addWidget(total_);
    question_->body()->addWidget(progress_row_);
    return question_;
}

QWidget *RehearsalView::middle() {
    auto *middle = new QWidget;
    auto *layout = new QHBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Scale::of(this).whole(space::medium));
    layout->addWidget(fanCard(), 3);
    layout->addWidget(plansCard(), 2);
    return middle;
}

QWidget *RehearsalView::fanCard() {
    fan_card_ = new Card(tr("Nodes on the new revision"));
    fan_ = new FanChart;
    alarm_ = new Label({}, TextSize::Body, Tone::Bad);
    alarm_->setWordWrap(true);
    auto *group = new QButtonGroup(this);
    const std::array names{tr("nodes"), tr("traffic"), tr("health")};
    for (std::size_t i = 0; i < fan_kind_count; ++i) {
        kinds_[i] = new QToolButton;
        kinds_[i]->setText(names[i]);
        kinds_[i]->setCheckable(true);
        kinds_[i]->setProperty("kind", QStringLiteral("choice"));
        kinds_[i]->setAccessibleName(tr("Show %1 over time").arg(names[i]));
        group->addButton(kinds_[i], static_cast<int>(i));
        fan_card_->addToHead(kinds_[i]);
    }
    kinds_[0]->setChecked(true);
    connect(group, &QButtonGroup::idClicked, this,
            [this](int kind) { setFanKind(static_cast<FanKind>(kind)); });
    fan_card_->body()->addWidget(alarm_);
    fan_card_->body()->addWidget(fan_, 1);
    return fan_card_;
}

QWidget *RehearsalView::plansCard() {
    const Scale scale = Scale::of(this);
    auto *card = new Card(tr("Plans on the same luck"));
    auto *inside = new QWidget;
    auto *layout = new QVBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(scale.whole(space::small));
    plans_ = new FactList;
    plans_none_ = new Label(tr("One plan. Try a change of it to see both side by side."),
                            TextSize::Caption, Tone::Dim);
    plans_none_->setWordWrap(true);
    advice_title_ = new Label(tr("What helps most"), TextSize::Caption, Tone::Dim);
    advice_ = new Label;
    advice_->setWordWrap(true);
    try_it_ = new QPushButton;
    auto *assumed_title = new Label(tr("Assumed"), TextSize::Caption, Tone::Dim);
    assumed_ = new Label({}, TextSize::Caption, Tone::Dim);
    assumed_->setWordWrap(true);
    layout->addWidget(plans_);
    layout->addWidget(plans_none_);
    layout->addWidget(advice_title_);
    layout->addWidget(advice_);
    layout->addWidget(try_it_, 0, Qt::AlignLeading);
    layout->addWidget(assumed_title);
    layout->addWidget(assumed_);
    layout->addStretch(1);
    card->addScrolled(inside, card->accessibleName());
    return card;
}

QWidget *RehearsalView::futuresCard() {
    futures_card_ = new Card(tr("Futures worth a look, worst first"),
                             tr("replay opens it as a run, step by step"));
    futures_table_ = tableOf(futures_, tr("Futures"));
    futures_table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    futures_table_->horizontalHeader()->setSectionResizeMode(FuturesModel::Because,
                                                             QHeaderView::Stretch);
    futures_card_->body()->addWidget(futures_table_, 1);
    return futures_card_;
}

void RehearsalView::wire() {
    connect(hypotheses_, &HypothesesModel::weightWanted, this, &RehearsalView::weightWanted);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) {
                hypothesis_ = std::max(0, current.row());
                showFan();
            });
    connect(cancel_, &QPushButton::clicked, this, &RehearsalView::cancelWanted);
    connect(try_it_, &QPushButton::clicked, this, &RehearsalView::tryWanted);
    const auto replay = [this](const QModelIndex &index) {
        if (index.isValid()) {
            Q_EMIT replayWanted(futures_->future(index.row()));
        }
    };
    connect(futures_table_, &QTableView::activated, this, replay);
    connect(futures_table_, &QTableView::clicked, this, [replay](const QModelIndex &index) {
        if (index.column() == FuturesModel::Replay) {
            replay(index);
        }
    });
}

void RehearsalView::setFanKind(FanKind kind) {
    kind_ = kind;
    kinds_[static_cast<std::size_t>(kind)]->setChecked(true);
    showFan();
}

void RehearsalView::setValue(const RehearsalValue &value) {
    if (value == value_) {
        return;
    }
    value_ = value;
    header_->setSubtitle(boundedText(value.subtitle));
    header_->setChips(value.counted.isEmpty()
                          ? std::vector<ChipValue>{}
                          : std::vector<ChipValue>{{value.counted, Role::Dim, Sign::None, false}});
    question_->setTitle(value.question.isEmpty() ? tr("What the new revision may be")
                                                 : boundedText(value.question));
    hypotheses_->setLines(value.hypotheses);
    const bool any = !value.hypotheses.empty();
    const int rows = static_cast<int>(value.hypotheses.size());
    table_->setVisible(any);
    table_->setFixedHeight(table_->horizontalHeader()->sizeHint().height() +
                           std::min(rows, 8) * table_->verticalHeader()->defaultSectionSize() + 4);
    if (any && !table_->currentIndex().isValid()) {
        table_->selectRow(0);
    }
    trouble_->setText(boundedText(value.trouble));
    trouble_->setVisible(!value.trouble.isEmpty());
    total_->setText(boundedText(value.total, 400));
    total_->setVisible(!value.total.isEmpty());
    plans_->setRows(value.plans, true);
    plans_->setVisible(!value.plans.empty());
    plans_none_->setVisible(value.plans.empty());
    advice_->setText(boundedText(value.advice, 400));
    advice_->setVisible(!value.advice.isEmpty());
    advice_title_->setVisible(!value.advice.isEmpty());
    try_it_->setText(value.try_it);
    try_it_->setAccessibleName(value.try_it);
    try_it_->setVisible(!value.try_it.isEmpty());
    assumed_->setText(boundedText(value.assumptions.join(u"; "), 2'000));
    futures_->setLines(value.futures);
    showFan();
    showProgress();
}

void RehearsalView::showFan() {
    const auto at = static_cast<std::size_t>(hypothesis_);
    const bool any = at < value_.fans.size();
    fan_->setValue(any ? value_.fans[at][static_cast<std::size_t>(kind_)] : FanChartValue{});
    const std::array titles{tr("Nodes on the new revision"), tr("Traffic on the new revision"),
                            tr("Nodes that serve")};
    QString title = titles[static_cast<std::size_t>(kind_)];
    if (at < value_.hypotheses.size()) {
        title = tr("%1, if it is: %2").arg(title, boundedText(value_.hypotheses[at].name, 60));
    }
    fan_card_->setTitle(title);
    fan_->setAccessibleName(title);
    alarm_->setText(boundedText(value_.alarm));
    alarm_->setVisible(!value_.alarm.isEmpty());
    fan_card_->setBad(!value_.alarm.isEmpty());
}

void RehearsalView::showProgress() {
    progress_row_->setVisible(value_.progress.has_value());
    progress_->setValue(static_cast<int>(value_.progress.value_or(0) * 1'000));
    progress_text_->setText(value_.progress_text);
}

} // namespace aviary
