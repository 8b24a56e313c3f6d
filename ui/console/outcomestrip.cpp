// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/outcomestrip.h"

#include "ui/models/signs.h"
#include "ui/theme/icon.h"
#include "ui/theme/label.h"
#include "ui/theme/layouts.h"

#include <QGridLayout>
#include <QToolButton>

namespace aviary {

namespace {

Tone toneOf(api::Outcome outcome) {
    switch (outcome) {
    case api::Outcome::Applied:
        return Tone::Good;
    case api::Outcome::Refused:
        return Tone::Bad;
    case api::Outcome::Unknown:
        return Tone::Attention;
    case api::Outcome::Asked:
        return Tone::Dim;
    }
    return Tone::Dim;
}

} // namespace

OutcomeStrip::OutcomeStrip(QWidget *parent) : QWidget(parent), grid_(new QGridLayout(this)) {
    const Scale scale = Scale::of(this);
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(scale.whole(space::medium));
    grid_->setVerticalSpacing(scale.whole(space::tiny));
    grid_->setColumnStretch(3, 1);
    setAccessibleName(tr("What was asked, and what became of it"));
    hide();
}

void OutcomeStrip::setLines(const std::vector<OutcomeLine> &lines) {
    std::vector<OutcomeLine> shown(
        lines.begin(),
        lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), shown_max)));
    if (shown == lines_) {
        return;
    }
    lines_ = std::move(shown);
    clearLayout(grid_);
    int row = 0;
    for (const OutcomeLine &line : lines_) {
        add(line, row++);
    }
    setVisible(!lines_.empty());
}

void OutcomeStrip::add(const OutcomeLine &line, int row) {
    const Sign sign = signOf(line.outcome);
    const Scale scale = Scale::of(this);
    auto *mark = new QLabel;
    mark->setPixmap(signIcon(sign).pixmap(scale.whole(16), scale.whole(16)));
    mark->setAccessibleName(nameOf(sign));
    auto *what = new Label(line.what);
    what->setStrong(true);
    auto *outcome = new Label(nameOf(sign), TextSize::Body, toneOf(line.outcome));
    auto *text = new Label(line.text, TextSize::Body, Tone::Dim);
    text->setElided(true);
    what->setAccessibleName(line.what + QStringLiteral(", ") + nameOf(sign) + QStringLiteral(", ") +
                            line.text);
    grid_->addWidget(mark, row, 0);
    grid_->addWidget(what, row, 1);
    grid_->addWidget(outcome, row, 2);
    grid_->addWidget(text, row, 3);
    const bool settled =
        line.outcome == api::Outcome::Applied || line.outcome == api::Outcome::Refused;
    if (settled) {
        auto *away = new QToolButton;
        away->setIcon(lineIcon(QStringLiteral("close")));
        away->setAutoRaise(true);
        away->setAccessibleName(tr("Take away: %1").arg(line.what));
        away->setToolTip(tr("Take away"));
        connect(away, &QToolButton::clicked, this, [this, id = line.id] { Q_EMIT dismissed(id); });
        grid_->addWidget(away, row, 4);
    }
}

} // namespace aviary
