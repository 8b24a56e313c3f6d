// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/selectionbar.h"

#include "core/support/words.h"
#include "ui/theme/icon.h"

#include <QAction>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace aviary {
namespace {

constexpr int name_max = 60;
constexpr std::size_t parts_max = 3;
constexpr std::size_t nodes_told_max = 2'000;

QString iconOf(FlagChange change) {
    switch (change) {
    case FlagChange::Drain:
    case FlagChange::Undrain:
        return QStringLiteral("drain");
    case FlagChange::BeginMaintenance:
    case FlagChange::EndMaintenance:
        return QStringLiteral("maintenance");
    default:
        return QStringLiteral("exclude");
    }
}

QString effectText(const FlagEffect &effect) {
    QStringList lines{effect.button};
    for (const FlagEffect::Line &line : effect.lines) {
        lines += line.label + QStringLiteral(": ") + line.text;
    }
    return lines.join(u'\n');
}

// "8 on v42, 3 on v41, 1 offline"
QString mixture(const FleetStore &store, const std::vector<NodeIndex> &nodes,
                const FleetFocus &focus) {
    std::map<QString, quint32> revisions;
    std::map<Sign, quint32> troubles;
    for (const NodeIndex node : nodes) {
        if (const QString revision = store.revision(node, focus.service); !revision.isEmpty()) {
            ++revisions[revision];
        }
        if (troubleOf(store.sign(node)) > 0) {
            ++troubles[store.sign(node)];
        }
    }
    std::vector<std::pair<quint32, QString>> parts;
    for (const auto &[revision, count] : revisions) {
        parts.emplace_back(
            count,
            SelectionBar::tr("%1 on %2").arg(countText(count), boundedText(revision, name_max)));
    }
    std::ranges::stable_sort(parts, std::greater(), [](const auto &part) { return part.first; });
    parts.resize(std::min(parts.size(), parts_max));
    QStringList texts;
    for (const auto &[count, text] : parts) {
        texts += text;
    }
    for (const auto &[sign, count] : troubles) {
        texts += countText(count) + u' ' + nameOf(sign);
    }
    return texts.join(QStringLiteral(", "));
}

} // namespace

SelectionBar::SelectionBar(QWidget *parent) : QWidget(parent), row_(new ViewHeader) {
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(row_);
    open_ = add(tr("Open"), QStringLiteral("node"));
    connect(open_, &QAction::triggered, this, &SelectionBar::openWanted);
    log_ = add(tr("Log"), QStringLiteral("log"));
    connect(log_, &QAction::triggered, this, &SelectionBar::logWanted);
    for (const FlagChange change : all_flag_changes) {
        QAction *action = add(flagText(change), iconOf(change));
        flags_[static_cast<std::size_t>(change)] = action;
        connect(action, &QAction::triggered, this, [this, change] { Q_EMIT flagWanted(change); });
    }
    rollout_ = add(tr("New rollout\u2026"), QStringLiteral("start"));
    connect(rollout_, &QAction::triggered, this, &SelectionBar::rolloutWanted);
    clear();
}

QAction *SelectionBar::add(const QString &text, const QString &icon) {
    auto *action = new QAction(lineIcon(icon), text, this);
    row_->addAction(action);
    return action;
}

void SelectionBar::say(const QString &text) {
    text_ = text;
    row_->setSubtitle(text);
    setAccessibleName(tr("Selection"));
    setAccessibleDescription(text);
}

void SelectionBar::clear() {
    for (QAction *action : flags_) {
        action->setVisible(false);
    }
    for (QAction *action : {open_, log_, rollout_}) {
        action->setVisible(false);
    }
    say(tr("Nothing chosen: drag on the map or choose rows"));
}

void SelectionBar::setSelection(const FleetStore &store, const std::vector<NodeIndex> &nodes,
                                const FleetScene &scene, const QString &off, bool knows_exclusion) {
    if (nodes.empty()) {
        clear();
        return;
    }
    std::set<FleetStore::Words::Id> sites;
    for (const NodeIndex node : nodes) {
        sites.insert(store.siteWord(node));
    }
    QString text = nodes.size() == 1 ? boundedText(store.name(nodes[0]), name_max)
                                     : nodesText(static_cast<qint64>(nodes.size()));
    if (sites.size() > 1) {
        text += tr(" at %1 sites").arg(countText(static_cast<qint64>(sites.size())));
    } else {
        text += tr(" at %1").arg(boundedText(store.site(nodes[0]), name_max));
    }
    const QString mixed = mixture(store, nodes, scene.focus);
    say(mixed.isEmpty() ? text : text + QStringLiteral(": ") + mixed);
    for (const FlagChange change : all_flag_changes) {
        QAction *action = this->action(change);
        const quint32 affected = flagAffects(store, nodes, change);
        action->setVisible(affected > 0 && (knows_exclusion || change != FlagChange::Exclude));
        action->setEnabled(off.isEmpty());
        // Of very many the effect is stated when it is asked for.
        const QString told = nodes.size() <= nodes_told_max
                                 ? effectText(flagEffect(store, nodes, change, scene))
                                 : nodesText(affected);
        action->setToolTip((off.isEmpty() ? told : off).toHtmlEscaped());
    }
    open_->setVisible(nodes.size() == 1);
    log_->setVisible(nodes.size() == 1);
    rollout_->setVisible(true);
    rollout_->setEnabled(off.isEmpty());
    rollout_->setToolTip(
        off.isEmpty() ? tr("Plan a rollout to %1").arg(nodesText(static_cast<qint64>(nodes.size())))
                      : off);
}

} // namespace aviary
