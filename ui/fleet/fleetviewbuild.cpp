// SPDX-License-Identifier: GPL-3.0-or-later
// How the parts of the fleet view stand, and what they say to each other.
#include "core/support/words.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetlegend.h"
#include "ui/fleet/fleettable.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/nodepage.h"
#include "ui/fleet/selectionbar.h"
#include "ui/theme/card.h"
#include "ui/theme/label.h"

#include <QAction>
#include <QActionGroup>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace aviary {
namespace {

constexpr int rest_interval_ms = 250;
constexpr int keys_max = 24; // of labels in a menu
constexpr int name_max = 40;

QString nameOf(FleetColouring colouring) {
    switch (colouring) {
    case FleetColouring::Revision:
        return FleetView::tr("revision");
    case FleetColouring::Health:
        return FleetView::tr("health");
    case FleetColouring::Behind:
        return FleetView::tr("behind");
    case FleetColouring::Cpu:
        return FleetView::tr("CPU");
    case FleetColouring::Memory:
        return FleetView::tr("memory");
    case FleetColouring::Disk:
        return FleetView::tr("disk");
    }
    return {};
}

QString nameOf(const FleetGrouping &grouping) {
    switch (grouping.by) {
    case FleetGrouping::By::Site:
        return FleetView::tr("site");
    case FleetGrouping::By::Revision:
        return FleetView::tr("revision");
    case FleetGrouping::By::Label:
        return boundedText(grouping.label, name_max);
    }
    return {};
}

} // namespace

FleetView::FleetView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , filter_(new FilterField)
    , map_(new FleetMap)
    , map_card_(new Card)
    , legend_(new FleetLegend)
    , table_(new FleetTable)
    , bar_(new SelectionBar)
    , old_(new Label({}, TextSize::Body, Tone::Attention))
    , state_title_(new Label({}, TextSize::Subtitle))
    , state_text_(new Label({}, TextSize::Body, Tone::Dim))
    , page_(new NodePage)
    , split_(new QSplitter(Qt::Vertical))
    , pages_(new QStackedWidget)
    , content_(new QStackedWidget)
    , group_(new QAction(this))
    , colour_(new QAction(this)) {
    setAccessibleName(tr("Fleet"));
    build();
    wire();
    addChoices();
    showState();
    showCounts();
}

FleetView::~FleetView() {
    table_->setNodes(nullptr);
}

QWidget *FleetView::buildOverview() {
    const Scale scale = Scale::of(this);
    map_card_->setTitle(tr("One square is one node; half square = degraded, hollow = offline"));
    map_card_->setNote(tr("scroll zooms, drag selects, Enter opens"));
    map_card_->body()->addWidget(map_, 1);
    map_card_->body()->addWidget(legend_);
    auto *table_card = new Card;
    table_card->body()->addWidget(bar_);
    table_card->body()->addWidget(table_, 1);
    split_->addWidget(map_card_);
    split_->addWidget(table_card);
    split_->setStretchFactor(0, 3);
    split_->setStretchFactor(1, 2);
    split_->setSizes({scale.whole(480), scale.whole(240)});
    split_->setChildrenCollapsible(false);
    split_->setHandleWidth(scale.whole(space::medium));
    return split_;
}

void FleetView::build() {
    const Scale scale = Scale::of(this);
    auto *state = new Card;
    state->body()->addStretch(1);
    for (Label *label : {state_title_, state_text_}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        state->body()->addWidget(label);
    }
    state->body()->addStretch(2);
    content_->addWidget(buildOverview());
    content_->addWidget(state);
    old_->setElided(true);
    header_->setTitle(tr("Fleet"));

    auto *overview = new QWidget;
    auto *rows = new QVBoxLayout(overview);
    const int side = scale.whole(space::large);
    rows->setContentsMargins(side, scale.whole(space::medium), side, side);
    rows->setSpacing(scale.whole(space::medium));
    rows->addWidget(header_);
    rows->addWidget(filter_);
    rows->addWidget(old_);
    rows->addWidget(content_, 1);
    pages_->addWidget(overview);
    pages_->addWidget(page_);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(pages_);
    setFocusProxy(map_);
}

void FleetView::wire() {
    rest_timer_.setSingleShot(true);
    rest_timer_.setInterval(rest_interval_ms);
    connect(&rest_timer_, &QTimer::timeout, this, &FleetView::followSlowly);
    connect(filter_, &FilterField::filterChanged, this, &FleetView::filter);
    connect(map_, &FleetMap::selectionChanged, this, &FleetView::chooseFromMap);
    connect(table_, &FleetTable::selectedByPerson, this, &FleetView::chooseFromTable);
    connect(table_, &FleetTable::nodeActivated, this, &FleetView::open);
    connect(table_, &FleetTable::currentNodeChanged, this, &FleetView::showCurrent);
    connect(table_, &FleetTable::columnsChanged, this, &FleetView::lookChanged);
    connect(split_, &QSplitter::splitterMoved, this, &FleetView::lookChanged);
    const auto onNode = [this](auto act) {
        return [this, act](std::size_t cell) {
            if (!reading_ || cell >= reading_->grid.cellCount()) {
                return;
            }
            const NodeIndex node = reading_->grid.nodeAt(cell);
            if (reading_->store.has(node)) {
                act(node);
            }
        };
    };
    connect(map_, &FleetMap::nodeActivated, this, onNode([this](NodeIndex node) { open(node); }));
    connect(map_, &FleetMap::currentChanged, this,
            onNode([this](NodeIndex node) { showCurrent(node); }));
    connect(map_, &FleetMap::nodeHovered, this, onNode([this](NodeIndex node) {
                map_->setCard(reading_->grid.cellOf(node),
                              cardLines(reading_->store, node, value_.scene));
            }));
    connect(bar_, &SelectionBar::flagWanted, this, [this](FlagChange change) {
        Q_EMIT flagWanted(flagEffect(reading_->store, selection(), change, value_.scene));
    });
    const auto one = [this](auto act) {
        return [this, act] {
            if (const auto nodes = selection(); nodes.size() == 1) {
                act(nodes[0]);
            }
        };
    };
    connect(bar_, &SelectionBar::openWanted, this, one([this](NodeIndex node) { open(node); }));
    connect(bar_, &SelectionBar::logWanted, this,
            one([this](NodeIndex node) { Q_EMIT logWanted(reading_->store.id(node)); }));
    connect(bar_, &SelectionBar::rolloutWanted, this, [this] {
        QStringList ids;
        for (const NodeIndex node : selection()) {
            ids += reading_->store.id(node);
        }
        Q_EMIT rolloutWanted(ids);
    });
    connect(page_, &NodePage::backWanted, this, &FleetView::closeNode);
    auto *find = new QShortcut(QKeySequence::Find, this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        closeNode();
        filter_->edit()->setFocus();
        filter_->edit()->selectAll();
    });
}

// ---- Choices

void FleetView::addChoices() {
    nameChoices();
    header_->addAction(group_);
    header_->addAction(colour_);
    connect(group_, &QAction::triggered, this, &FleetView::showGroupMenu);
    connect(colour_, &QAction::triggered, this, &FleetView::showColourMenu);
}

void FleetView::nameChoices() {
    group_->setText(tr("Group: %1").arg(nameOf(grouping_)));
    group_->setToolTip(tr("What stands together on the map"));
    colour_->setText(tr("Colour: %1").arg(nameOf(colouring_)));
    colour_->setToolTip(tr("What the colour of a square says; its shape always says trouble"));
}

void FleetView::showGroupMenu() {
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *choices = new QActionGroup(menu);
    const auto add = [&](const FleetGrouping &grouping) {
        QAction *action = choices->addAction(nameOf(grouping));
        action->setCheckable(true);
        action->setChecked(grouping == grouping_);
        connect(action, &QAction::triggered, this, [this, grouping] { group(grouping); });
    };
    add({});
    add({FleetGrouping::By::Revision, {}});
    std::map<QString, quint32> keys;
    if (reading_) {
        const auto &sets = reading_->store.labelSets();
        for (quint32 set = 0; set < sets.end(); ++set) {
            for (const auto &[key, value] : sets[set]) {
                keys[reading_->store.words()[key]] += sets.uses(set);
            }
        }
    }
    keys.erase(QStringLiteral("site"));
    for (const auto &[key, nodes] : keys) {
        if (choices->actions().size() < keys_max) {
            add({FleetGrouping::By::Label, key});
        }
    }
    menu->addActions(choices->actions());
    menu->popup(header_->mapToGlobal(QPoint(header_->width() / 2, header_->height())));
}

void FleetView::showColourMenu() {
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *choices = new QActionGroup(menu);
    for (const auto colouring :
         {FleetColouring::Revision, FleetColouring::Health, FleetColouring::Behind,
          FleetColouring::Cpu, FleetColouring::Memory, FleetColouring::Disk}) {
        QAction *action = choices->addAction(nameOf(colouring));
        action->setCheckable(true);
        action->setChecked(colouring == colouring_);
        connect(action, &QAction::triggered, this, [this, colouring] { colour(colouring); });
    }
    menu->addActions(choices->actions());
    menu->popup(header_->mapToGlobal(QPoint(header_->width() / 2, header_->height())));
}

void FleetView::group(const FleetGrouping &grouping) {
    grouping_ = grouping;
    nameChoices();
    redraw();
    Q_EMIT lookChanged();
}

void FleetView::colour(FleetColouring colouring) {
    colouring_ = colouring;
    nameChoices();
    redraw();
    Q_EMIT lookChanged();
}

FleetLook FleetView::look() const {
    return {grouping_, colouring_, table_->columns(), split_->saveState()};
}

void FleetView::setLook(const FleetLook &look) {
    grouping_ = look.grouping;
    colouring_ = look.colouring;
    table_->setColumns(look.columns);
    split_->restoreState(look.split);
    nameChoices();
    redraw();
}

void FleetView::keyPressEvent(QKeyEvent *event) {
    if (event->key() == Qt::Key_Escape && !opened_.isEmpty()) {
        closeNode();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace aviary
