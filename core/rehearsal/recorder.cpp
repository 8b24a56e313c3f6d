// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/recorder.h"

#include "core/support/ulid.h"

namespace aviary::rehearsal {
namespace {

// One entry for each instant.
class Recorder final : public Witness {
public:
    Recorder(record::Run &run, qint64 begun_wall_ms) : run_(run), begun_wall_ms_(begun_wall_ms) {}

    void told(const kernel::Event &event, const kernel::Commands &commands,
              const kernel::State &after) override {
        if (!entry_.log.events.empty() && entry_.at != after.now) {
            flush();
        }
        entry_.at = after.now;
        entry_.wall_ms = begun_wall_ms_ + after.now;
        entry_.log.commands.insert(entry_.log.commands.end(), commands.begin(), commands.end());
        entry_.log.close(event);
        entry_.state_hash = kernel::stateHash(after);
    }
    void befell(const Happening &) override {}

    void flush() {
        if (entry_.log.events.empty()) {
            return;
        }
        if (result_) {
            result_ = record::addEntry(run_, std::move(entry_));
        }
        entry_ = {};
    }
    const Result<void> &result() const { return result_; }

private:
    record::Run &run_;
    qint64 begun_wall_ms_;
    record::Entry entry_;
    Result<void> result_;
};

// From seed and number alone, so that the same future is the same file.
QString ulidOf(const Setup &setup, std::uint32_t future) {
    UlidRandom random{};
    const std::uint64_t word = Luck(setup.seed, future).word(0, Purpose::Away, 1);
    for (std::size_t i = 0; i < 8; ++i) {
        random[i] = static_cast<quint8>(word >> (8 * i));
    }
    random[8] = static_cast<quint8>(future >> 8);
    random[9] = static_cast<quint8>(future);
    return ulid(setup.begun_wall_ms, random);
}

record::RunHeader headerOf(const Setup &setup, std::uint32_t future) {
    record::RunHeader header;
    if (setup.now && setup.now->record) {
        header = setup.now->record->header;
    } else {
        header.plan = *setup.plan;
        header.begun_wall_ms = setup.begun_wall_ms;
    }
    header.rollout = ulidOf(setup, future);
    header.made_by = record::MadeBy::Rehearsed;
    header.seed = setup.seed;
    header.context.insert(QStringLiteral("future"), static_cast<qint64>(future));
    header.context.insert(QStringLiteral("scenario"), QString::fromStdString(setup.scenario.name));
    return header;
}

// What the live rollout did until now, sealed anew under the new header.
Result<void> addRecord(record::Run &run, const record::Run &live) {
    for (const record::SealedEntry &sealed : live.entries) {
        auto entry = record::decodeEntry(sealed.bytes);
        if (!entry) {
            return tl::unexpected(entry.error());
        }
        if (auto added = record::addEntry(run, std::move(*entry)); !added) {
            return added;
        }
    }
    return {};
}

} // namespace

Result<record::Run> recordedFuture(const World &world, std::uint32_t future) {
    const std::optional<Now> &now = world.setup.now;
    if (now && !now->record) {
        return fail(ErrorCode::Refused,
                    QStringLiteral("a run is replayed from its beginning, which is not here"),
                    QStringLiteral("record"), QStringLiteral("the record of the live rollout"));
    }
    record::Run run = record::beginRun(headerOf(world.setup, future));
    if (now) {
        if (auto added = addRecord(run, *now->record); !added) {
            return tl::unexpected(added.error());
        }
    }
    Recorder recorder(run, run.header.begun_wall_ms);
    Future replayed(world);
    replayed.run(future, horizon_ms_max, &recorder);
    recorder.flush();
    if (!recorder.result()) {
        return tl::unexpected(recorder.result().error());
    }
    const std::uint64_t hash = kernel::stateHash(replayed.state());
    run.footer = record::RunFooter{run.entries.size(), run.head(), hash};
    return run;
}

} // namespace aviary::rehearsal
