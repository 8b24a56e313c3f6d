// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/topbar.h"

#include "core/support/words.h"
#include "ui/models/signs.h"
#include "ui/shell/actiontable.h"
#include "ui/theme/actionbutton.h"
#include "ui/theme/chip.h"
#include "ui/theme/label.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

namespace aviary {
namespace {

constexpr qreal height_px = 38;
constexpr qreal search_px = 420;

ChipValue classChip(const api::ClusterRow &cluster) {
    if (cluster.kind == api::ClusterKind::File) {
        return {};
    }
    const bool production = cluster.klass == api::ClusterClass::Production;
    return {nameOf(cluster.klass), production ? Role::Attention : Role::Dim, Sign::None, false};
}

QString whoText(const ShellState &state) {
    const auto others = static_cast<std::int64_t>(state.present.size());
    if (others == 0) {
        return state.who;
    }
    return state.who +
           countedText(others, TopBar::tr(", 1 other here"), TopBar::tr(", %1 others here"));
}

} // namespace

SearchEntry::SearchEntry(QAction *action, QWidget *parent) : QPushButton(parent), action_(action) {
    setAccessibleName(action->text());
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
}

QSize SearchEntry::sizeHint() const {
    return {Scale::of(this).whole(search_px), Scale::of(this).whole(26)};
}

QSize SearchEntry::minimumSizeHint() const {
    return {Scale::of(this).whole(140), sizeHint().height()};
}

void SearchEntry::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &tokens = tokensOf(this);
    const Scale scale = Scale::of(this);
    painter.setPen(QPen(tokens(hasFocus() ? Role::Accent : Role::Line), scale.line(1)));
    painter.setBrush(tokens(Role::Field));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), scale(6), scale(6));
    painter.setPen(tokens(Role::Dim));
    painter.setFont(scale.font(TextSize::Caption));
    const QString keys = keysText(action_->shortcut());
    const QFontMetricsF metrics(painter.font());
    const QRectF inside = QRectF(rect()).adjusted(scale(10), 0, -scale(10), 0);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const Qt::Alignment start = mirrored ? Qt::AlignRight : Qt::AlignLeft;
    const Qt::Alignment end = mirrored ? Qt::AlignLeft : Qt::AlignRight;
    const qreal room = inside.width() - metrics.horizontalAdvance(keys) - scale(12);
    const QString words =
        metrics.elidedText(tr("Search nodes, rollouts, commands"), Qt::ElideRight, room);
    const int line = static_cast<int>(Qt::AlignVCenter | Qt::AlignAbsolute) | Qt::TextSingleLine;
    painter.drawText(inside, static_cast<int>(start) | line, words);
    painter.drawText(inside, static_cast<int>(end) | line, keys);
}

TopBar::TopBar(ActionTable &actions, QWidget *parent)
    : QWidget(parent)
    , name_(new QToolButton)
    , cluster_(new Label({}, TextSize::Body, Tone::Dim))
    , klass_(new Chip)
    , lock_(new Chip)
    , who_(new Label({}, TextSize::Caption, Tone::Dim)) {
    const Scale scale = Scale::of(this);
    setFixedHeight(scale.whole(height_px));
    auto *menu = new QMenu(name_);
    actions.fill(menu);
    name_->setText(tr("Aviary"));
    name_->setAccessibleName(tr("Menu"));
    name_->setMenu(menu);
    name_->setPopupMode(QToolButton::InstantPopup);
    name_->setAutoRaise(true);
    name_->setProperty("kind", QStringLiteral("name"));
    auto *left = new QHBoxLayout;
    left->setSpacing(scale.whole(10));
    left->addWidget(name_);
    left->addWidget(cluster_);
    left->addWidget(klass_);
    left->addWidget(lock_);
    left->addStretch(1);
    auto *right = new QHBoxLayout;
    right->addStretch(1);
    right->addWidget(who_);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scale.whole(8), 0, scale.whole(14), 0);
    row->addLayout(left, 1);
    row->addWidget(new SearchEntry(actions.action("window.palette")));
    row->addLayout(right, 1);
    cluster_->setElided(true);
    who_->setElided(true);
}

void TopBar::setState(const ShellState &state) {
    const api::ClusterRow cluster = state.cluster.value_or(api::ClusterRow{});
    cluster_->setText(boundedText(cluster.name, 40));
    klass_->setValue(state.cluster ? classChip(cluster) : ChipValue{});
    const bool locked =
        state.cluster && !cluster.unlocked && cluster.kind != api::ClusterKind::File;
    lock_->setValue(locked ? ChipValue{tr("read-only"), Role::Dim, Sign::NodeExcluded, false}
                           : ChipValue{});
    who_->setText(boundedText(whoText(state), 60));
}

void TopBar::openMenu() {
    name_->showMenu();
}

void TopBar::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.fillRect(rect(), tokensOf(this)(Role::Card));
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokensOf(this)(Role::Line));
}

} // namespace aviary
