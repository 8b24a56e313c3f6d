// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/travel/recordedrun.h"

#include "core/api/detail.h"

#include <algorithm>

namespace aviary::travel {

using namespace kernel;

namespace {

constexpr std::size_t happenings_shown_max = 200;

// The targets that an entry speaks of.
std::vector<TargetIndex> subjectsOf(const record::Entry &entry) {
    std::vector<TargetIndex> subjects;
    const auto add = [&subjects](const auto &said) {
        if constexpr (requires { said.target; }) {
            if (said.target != every_target) {
                subjects.push_back(said.target);
            }
        }
    };
    for (const Event &event : entry.log.events) {
        std::visit(add, event);
    }
    for (const Command &command : entry.log.commands) {
        std::visit(add, command);
    }
    std::ranges::sort(subjects);
    // Not by std::ranges: clang 14 cannot read the subrange of this library.
    subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
    return subjects;
}

bool isTurn(const Command &command) {
    return std::holds_alternative<EnterStep>(command) ||
           std::holds_alternative<ChangeStatus>(command);
}

} // namespace

Result<std::shared_ptr<RecordedRun>> RecordedRun::of(record::Run run) {
    std::shared_ptr<RecordedRun> recorded(new RecordedRun(std::move(run)));
    recorded->warnings_ = recorded->run_.warnings;
    recorded->replay_ =
        std::make_unique<record::Replay>(std::make_shared<const Plan>(recorded->run_.header.plan));
    return recorded->index().map([&recorded] { return recorded; });
}

Result<void> RecordedRun::index() {
    api::Narrator narrator(plan());
    api::TrafficBook book(run_.entries.size() + 1);
    changes_.resize(plan().targets.size());
    for (const record::SealedEntry &sealed : run_.entries) {
        const auto sound = indexEntry(sealed, narrator, book);
        if (!sound && walls_.empty()) {
            return tl::unexpected(sound.error());
        }
        if (!sound) {
            warnings_ << toText(sound.error());
            break;
        }
    }
    const auto revision = [this](RevisionIndex index) {
        return api::text(plan().revisions[index]);
    };
    traffic_ = book.points({}, {}, revision(plan().to), revision(plan().from));
    ended_ = isEnd(state().status);
    return {};
}

Result<void> RecordedRun::indexEntry(const record::SealedEntry &sealed, api::Narrator &narrator,
                                     api::TrafficBook &book) {
    const auto entry = record::decodeEntry(sealed.bytes);
    if (!entry) {
        return tl::unexpected(entry.error());
    }
    std::vector<std::pair<TargetIndex, Cell>> before;
    for (const TargetIndex target : subjectsOf(*entry)) {
        if (target < state().cells.size()) {
            before.emplace_back(target, state().cells[target]);
        }
    }
    auto applied = replay_->append(sealed.bytes).and_then([this] {
        return replay_->seek(replay_->entries());
    });
    if (!applied) {
        return applied;
    }
    for (const auto &[target, cell] : before) {
        if (!(state().cells[target] == cell)) {
            changes_[target].push_back(static_cast<std::uint32_t>(entry->sequence));
        }
    }
    walls_.push_back(std::max(entry->wall_ms, walls_.empty() ? beginWallMs() : walls_.back()));
    for (api::Happening &line : narrator.tell(*entry)) {
        told_.push_back({entry->sequence, std::move(line)});
    }
    for (const Command &command : entry->log.commands) {
        if (isTurn(command)) {
            turns_.push_back({entry->sequence, entry->at, command});
            if (turn_walls_.empty() || turn_walls_.back() != walls_.back()) {
                turn_walls_.push_back(walls_.back());
            }
        }
    }
    for (const Event &event : entry->log.events) {
        if (const auto *measured = std::get_if<TrafficMeasured>(&event)) {
            const RevisionIndex revision = measured->fresh ? plan().to : plan().from;
            book.take({}, {}, api::text(plan().revisions[revision]), measured->sample,
                      walls_.back());
            book.takeBand({}, {}, state().verdict.errors);
        }
    }
    return {};
}

Result<void> RecordedRun::goToEntry(std::uint64_t sequence) {
    return replay_->seek(std::min(sequence, entries()));
}

qint64 RecordedRun::positionWallMs() const {
    const std::uint64_t at = position();
    return at == 0 ? beginWallMs() : walls_[at - 1];
}

qint64 RecordedRun::heardWallMs(TargetIndex target) const {
    const std::vector<std::uint32_t> &changes = changes_[target];
    const auto later = std::ranges::upper_bound(changes, position());
    return later == changes.begin() ? beginWallMs() : walls_[*std::prev(later) - 1];
}

api::StepClock RecordedRun::steps() const {
    api::StepClock clock;
    for (const Turn &turn : turns_) {
        if (turn.entry > position()) {
            break;
        }
        clock.note(turn.command, turn.at);
    }
    return clock;
}

api::RolloutRow RecordedRun::row() const {
    api::RolloutRow row;
    row.id = header().rollout;
    row.cluster = header().cluster;
    row.deployment = header().context[u"deployment"].toString();
    row.who = header().who;
    row.started_wall_ms = beginWallMs();
    row.changed_wall_ms = positionWallMs();
    row.ended_wall_ms = isEnd(state().status) ? row.changed_wall_ms : 0;
    api::fillRow(row, plan(), state());
    return row;
}

api::RolloutDetail RecordedRun::detail(const QString &off) const {
    api::RolloutDetail detail;
    detail.row = row();
    api::fillDetail(detail, plan(), state(), steps());
    for (api::Permission &permission : detail.permissions) {
        permission.allowed = false;
        permission.reason = off;
    }
    detail.traffic = traffic();
    detail.happenings = happenings(happenings_shown_max);
    return detail;
}

api::TargetPage RecordedRun::targets(quint32 first, quint32 count) const {
    api::TargetPage page;
    page.total = static_cast<quint32>(plan().targets.size());
    page.first = std::min(first, page.total);
    page.targets =
        api::targetRows(plan(), state(), page.first, std::min<quint32>(count, api::page_nodes_max));
    return page;
}

std::vector<api::Happening> RecordedRun::happenings(std::size_t count_max,
                                                    const QString &node) const {
    const auto later = std::ranges::upper_bound(told_, position(), {}, &Told::entry);
    std::vector<api::Happening> lines;
    for (auto at = later; at != told_.begin() && lines.size() < count_max;) {
        --at;
        if (node.isEmpty() || at->happening.who == node) {
            lines.push_back(at->happening);
        }
    }
    return lines;
}

std::vector<api::TrafficPoint> RecordedRun::traffic() const {
    const auto end =
        std::ranges::upper_bound(traffic_, positionWallMs(), {}, &api::TrafficPoint::wall_ms);
    const auto count = std::min<std::ptrdiff_t>(end - traffic_.begin(),
                                                std::ptrdiff_t{api::TrafficBook::points_max});
    return {end - count, end};
}

} // namespace aviary::travel
