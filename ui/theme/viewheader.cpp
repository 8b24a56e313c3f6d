// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/viewheader.h"

#include "core/support/words.h"
#include "ui/theme/icon.h"
#include "ui/theme/label.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

namespace aviary {

ViewHeader::ViewHeader(QWidget *parent)
    : QWidget(parent)
    , title_(new Label({}, TextSize::Title))
    , subtitle_(new Label({}, TextSize::Subtitle, Tone::Dim))
    , chips_row_(new QHBoxLayout)
    , buttons_row_(new QHBoxLayout)
    , more_(new QToolButton) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const Scale scale = Scale::of(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scale.whole(space::medium));
    title_->setElided(true);
    subtitle_->setElided(true);
    chips_row_->setSpacing(scale.whole(space::small));
    buttons_row_->setSpacing(scale.whole(space::small));
    more_->setIcon(lineIcon(QStringLiteral("more"), Role::Text));
    more_->setAccessibleName(tr("More actions"));
    more_->setToolTip(tr("More actions"));
    more_->setPopupMode(QToolButton::InstantPopup);
    more_->setMenu(new QMenu(more_));
    more_->menu()->setToolTipsVisible(true); // they say why an action is off
    more_->setProperty("kind", QStringLiteral("name"));
    more_->hide();
    buttons_row_->addWidget(more_);
    row->addWidget(title_);
    row->addWidget(subtitle_);
    row->addLayout(chips_row_);
    row->addStretch(1);
    row->addLayout(buttons_row_);
}

void ViewHeader::setTitle(const QString &title) {
    title_->setText(boundedText(title, 120));
    fit();
}

void ViewHeader::setSubtitle(const QString &subtitle) {
    subtitle_->setText(boundedText(subtitle, 120));
    subtitle_->setVisible(!subtitle.isEmpty());
    fit();
}

void ViewHeader::setChips(const std::vector<ChipValue> &chips) {
    while (chips_.size() < chips.size()) {
        chips_.push_back(new Chip);
        chips_row_->addWidget(chips_.back());
    }
    for (std::size_t i = 0; i < chips_.size(); ++i) {
        chips_[i]->setValue(i < chips.size() ? chips[i] : ChipValue{});
    }
    fit();
}

ActionButton *ViewHeader::addAction(QAction *action, ActionButton::Kind kind) {
    auto *button = new ActionButton(action, kind, this);
    buttons_.push_back({button, kind});
    buttons_row_->addWidget(button);
    // Its words may grow or shrink with what is chosen.
    connect(action, &QAction::changed, this, &ViewHeader::fit);
    fit();
    return button;
}

void ViewHeader::setActions(const std::vector<Entry> &entries, const std::vector<QAction *> &more) {
    const bool same = more == more_actions_ &&
                      std::ranges::equal(entries, buttons_, [](const Entry &a, const Button &b) {
                          return a.action == b.button->action() && a.kind == b.kind;
                      });
    if (same) {
        return;
    }
    for (const Button &one : buttons_) {
        one.button->action()->disconnect(this);
        delete one.button;
    }
    buttons_.clear();
    more_actions_ = more;
    for (const Entry &entry : entries) {
        addAction(entry.action, entry.kind);
    }
    fit();
}

QSize ViewHeader::minimumSizeHint() const {
    const Scale scale = Scale::of(this);
    return {scale.whole(320), scale.whole(32)};
}

bool ViewHeader::event(QEvent *event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::Polish) {
        fit();
    }
    return QWidget::event(event);
}

void ViewHeader::resizeEvent(QResizeEvent *event) {
    QWidget::resizeEvent(event);
    fit();
}

int ViewHeader::buttonsWidth() const {
    int width = 0;
    bool folded = false;
    for (const Button &one : buttons_) {
        if (one.folded) {
            folded = true;
        } else if (one.button->action()->isVisible()) {
            width += one.button->sizeHint().width() + buttons_row_->spacing();
        }
    }
    folded = folded || !more_actions_.empty();
    return folded ? width + more_->sizeHint().width() + buttons_row_->spacing() : width;
}

void ViewHeader::fit() {
    if (fitting_) {
        return;
    }
    fitting_ = true;
    int words = title_->sizeHint().width() + layout()->spacing() * 3;
    words += std::min(subtitle_->sizeHint().width(), Scale::of(this).whole(90));
    for (const Chip *chip : chips_) {
        const bool shown = !chip->value().text.isEmpty();
        words += shown ? chip->sizeHint().width() + chips_row_->spacing() : 0;
    }
    const int room = width() - words;
    for (Button &one : buttons_) {
        one.folded = false;
        one.button->setCompact(false);
    }
    if (buttonsWidth() > room) {
        for (Button &one : buttons_) {
            one.button->setCompact(true);
        }
    }
    for (Button &one : buttons_) {
        // What is to be done next, and the way back, are never folded away.
        one.folded = one.kind == ActionButton::Kind::Plain && buttonsWidth() > room;
    }
    // Where even that is too much, the actions are worth more than what the title says already.
    const int buttons = buttonsWidth();
    const bool tight = buttons > room;
    subtitle_->setVisible(!tight && !subtitle_->text().isEmpty());
    int others = buttons + layout()->spacing() * 3;
    for (std::size_t i = 0; i < chips_.size(); ++i) {
        const bool last = i + 1 == chips_.size() || chips_[i + 1]->value().text.isEmpty();
        const bool shown = !chips_[i]->value().text.isEmpty() && (!tight || last);
        chips_[i]->setVisible(shown);
        others += shown ? chips_[i]->sizeHint().width() + chips_row_->spacing() : 0;
    }
    // The subtitle gives way before the title does.
    title_->setMinimumWidth(std::clamp(width() - others, 0, title_->sizeHint().width()));
    more_->menu()->clear();
    for (const Button &one : buttons_) {
        one.button->setVisible(!one.folded && one.button->action()->isVisible());
        if (one.folded) {
            more_->menu()->addAction(one.button->action());
        }
    }
    if (!more_actions_.empty() && !more_->menu()->isEmpty()) {
        more_->menu()->addSeparator();
    }
    for (QAction *action : more_actions_) {
        more_->menu()->addAction(action);
    }
    more_->setVisible(!more_->menu()->isEmpty());
    fitting_ = false;
}

} // namespace aviary
