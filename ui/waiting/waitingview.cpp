// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/waiting/waitingview.h"

#include "core/support/words.h"
#include "ui/theme/card.h"
#include "ui/theme/icon.h"
#include "ui/theme/label.h"
#include "ui/theme/layouts.h"
#include "ui/theme/viewheader.h"

#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>

namespace aviary {

namespace {

constexpr std::size_t alerts_max = 20;

QGridLayout *gridIn(Card *card) {
    auto *grid = new QGridLayout;
    const Scale scale = Scale::of(card);
    grid->setHorizontalSpacing(scale.whole(space::large));
    grid->setVerticalSpacing(scale.whole(space::small));
    card->body()->addLayout(grid);
    return grid;
}

Label *text(const QString &words, Tone tone = Tone::Plain) {
    auto *label = new Label(words, TextSize::Body, tone);
    label->setElided(true);
    return label;
}

} // namespace

WaitingView::WaitingView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , alerts_(new Card(tr("Alerts")))
    , alerts_rows_(gridIn(alerts_))
    , waiting_(new Card)
    , items_(gridIn(waiting_))
    , nothing_(new Label({}, TextSize::Body, Tone::Dim))
    , missed_card_(new Card)
    , missed_(gridIn(missed_card_)) {
    setAccessibleName(tr("Waiting for me"));
    setFocusPolicy(Qt::StrongFocus);
    header_->setTitle(tr("Waiting for me"));
    const Scale scale = Scale::of(this);
    waiting_->setTitle(tr("Oldest first"));
    waiting_->body()->addWidget(nothing_);
    items_->setColumnStretch(1, 1);
    missed_->setColumnStretch(1, 1);
    alerts_rows_->setColumnStretch(1, 1);
    auto *content = new QWidget;
    content->setAccessibleName(tr("Waiting for me"));
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(scale.whole(space::medium));
    rows->addWidget(alerts_);
    rows->addWidget(waiting_);
    rows->addWidget(missed_card_);
    rows->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setAccessibleName(tr("Waiting for me"));
    scroll->setWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(scale.whole(space::medium));
    all->addWidget(header_);
    all->addWidget(scroll, 1);
    showItems();
    showMissed();
    showAlerts();
}

void WaitingView::setValue(const WaitingValue &value) {
    const WaitingValue before = std::exchange(value_, value);
    if (value.items != before.items || value.told != before.told) {
        showItems();
    }
    if (value.missed != before.missed || value.away != before.away) {
        showMissed();
    }
    if (value.alerts != before.alerts) {
        showAlerts();
    }
}

void WaitingView::showItems() {
    clearLayout(items_);
    header_->setSubtitle(value_.items.empty()
                             ? QString()
                             : countedText(static_cast<std::int64_t>(value_.items.size()),
                                           tr("1 thing"), tr("%1 things")));
    nothing_->setText(value_.told ? tr("Nothing waits for you.") : tr("Nothing was heard yet."));
    nothing_->setVisible(value_.items.empty());
    int row = 0;
    for (const WaitingItem &item : value_.items) {
        if (static_cast<std::size_t>(row) >= rows_max) {
            break;
        }
        addItem(item, row, row == 0);
        ++row;
    }
}

void WaitingView::addItem(const WaitingItem &item, int row, bool first) {
    items_->addWidget(text(item.since, Tone::Dim), row, 0);
    auto *what = text(boundedText(item.what));
    items_->addWidget(what, row, 1);
    items_->addWidget(text(boundedText(item.where, 40), Tone::Dim), row, 2);
    auto *open = new QPushButton(tr("Open"));
    open->setAccessibleName(tr("Open: %1").arg(boundedText(item.what)));
    connect(open, &QPushButton::clicked, this, [this, id = item.id] { Q_EMIT opened(id); });
    items_->addWidget(open, row, 3);
    auto *act = new QPushButton(item.action);
    act->setAccessibleName(item.action + QStringLiteral(": ") + boundedText(item.what));
    // One filled button a view: what waits longest.
    act->setProperty("kind", QLatin1String(first && item.refusal.isEmpty() ? "primary" : "plain"));
    act->setEnabled(item.refusal.isEmpty());
    act->setToolTip(item.refusal.toHtmlEscaped());
    connect(act, &QPushButton::clicked, this, [this, id = item.id] { Q_EMIT actionWanted(id); });
    items_->addWidget(act, row, 4);
}

void WaitingView::showMissed() {
    clearLayout(missed_);
    missed_card_->setVisible(!value_.away.isEmpty());
    missed_card_->setTitle(tr("What happened %1").arg(value_.away));
    int row = 0;
    for (const MissedLine &line : value_.missed) {
        missed_->addWidget(text(line.when, Tone::Dim), row, 0);
        missed_->addWidget(text(boundedText(line.what)), row, 1);
        if (!line.link.isEmpty()) {
            auto *open = new QPushButton(tr("Open"));
            open->setAccessibleName(tr("Open: %1").arg(boundedText(line.what)));
            connect(open, &QPushButton::clicked, this,
                    [this, link = line.link] { Q_EMIT linkOpened(link); });
            missed_->addWidget(open, row, 2);
        }
        ++row;
    }
    if (value_.missed.empty()) {
        missed_->addWidget(text(tr("Nothing changed."), Tone::Dim), 0, 0, 1, 2);
    }
}

void WaitingView::showAlerts() {
    clearLayout(alerts_rows_);
    alerts_->setVisible(!value_.alerts.empty());
    int row = 0;
    const auto add = [this](const QString &words, const QString &name, int at, int column,
                            auto said) {
        auto *button = new QPushButton(words);
        button->setAccessibleName(words + QStringLiteral(": ") + name);
        connect(button, &QPushButton::clicked, this, said);
        alerts_rows_->addWidget(button, at, column);
    };
    for (const AlertItem &alert : value_.alerts) {
        if (static_cast<std::size_t>(row) >= alerts_max) {
            break;
        }
        const QString what = boundedText(alert.what);
        alerts_rows_->addWidget(text(alert.when, Tone::Dim), row, 0);
        alerts_rows_->addWidget(text(what, Tone::Attention), row, 1);
        if (!alert.link.isEmpty()) {
            add(tr("Open"), what, row, 2, [this, link = alert.link] { Q_EMIT linkOpened(link); });
        }
        add(tr("Acknowledge"), what, row, 3, [this, id = alert.id] { Q_EMIT acknowledged(id); });
        add(tr("Snooze for an hour"), what, row, 4, [this, id = alert.id] { Q_EMIT snoozed(id); });
        ++row;
    }
}

} // namespace aviary
