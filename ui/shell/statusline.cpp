// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusline.h"

#include "core/support/words.h"
#include "ui/charts/dataage.h"
#include "ui/theme/label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QTimer>

namespace aviary {
namespace {

constexpr qreal height_px = 26;
constexpr int said_ms = 4'000;

} // namespace

QString nodesSentence(const api::ClusterRow &cluster) {
    QString text = nodesText(cluster.nodes);
    QString parts;
    const auto part = [&parts](quint32 count, const QString &what) {
        if (count > 0) {
            parts += (parts.isEmpty() ? QString() : QStringLiteral(", ")) + countText(count) +
                     u' ' + what;
        }
    };
    part(cluster.healthy, StatusLine::tr("healthy"));
    part(cluster.degraded, StatusLine::tr("degraded"));
    part(cluster.offline, StatusLine::tr("offline"));
    part(cluster.behind, StatusLine::tr("behind"));
    return parts.isEmpty() ? text : text + QStringLiteral(": ") + parts;
}

StatusLine::StatusLine(QWidget *parent)
    : QWidget(parent)
    , age_(new DataAge)
    , nodes_(new Label({}, TextSize::Axis, Tone::Dim))
    , journal_(new Label({}, TextSize::Axis, Tone::Dim))
    , command_(new Label({}, TextSize::Axis, Tone::Dim)) {
    const Scale scale = Scale::of(this);
    setFixedHeight(scale.whole(height_px));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scale.whole(14), 1, scale.whole(14), 0);
    row->setSpacing(scale.whole(18));
    row->addWidget(age_);
    row->addWidget(nodes_);
    row->addWidget(journal_);
    row->addWidget(command_, 1);
    for (Label *label : {nodes_, journal_, command_}) {
        // A narrow window is never held open by words at its foot.
        label->setElided(true);
    }
    command_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
}

void StatusLine::setState(const ShellState &state) {
    setAge(state.age);
    nodes_->setText(boundedText(state.nodes));
    journal_->setText(boundedText(state.journal));
}

void StatusLine::setAge(const DataAgeValue &age) {
    age_->setValue(age);
}

void StatusLine::setCommand(const QString &command, const QString &keys) {
    command_text_ =
        command.isEmpty() ? QString() : tr("%1 copies this as: %2").arg(keys, boundedText(command));
    showCommand();
}

void StatusLine::say(const QString &text) {
    said_ = boundedText(text);
    showCommand();
    QTimer::singleShot(said_ms, this, [this, text = said_] {
        if (said_ == text) {
            said_.clear();
            showCommand();
        }
    });
}

void StatusLine::showCommand() {
    command_->setText(said_.isEmpty() ? command_text_ : said_);
}

void StatusLine::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.fillRect(rect(), tokensOf(this)(Role::Card));
    painter.fillRect(QRect(0, 0, width(), 1), tokensOf(this)(Role::Line));
}

} // namespace aviary
