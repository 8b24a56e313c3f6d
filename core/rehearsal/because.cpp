// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/units.h"
#include "core/rehearsal/answering.h"

#include <array>

namespace aviary::rehearsal {
namespace {

using What = Happening::What;

std::string roughly(Millis span_ms) {
    const Millis seconds = (span_ms + 500) / 1'000;
    if (seconds < 120) {
        return std::to_string(seconds) + " s";
    }
    const Millis minutes = (seconds + 30) / 60;
    return minutes < 120
               ? std::to_string(minutes) + " min"
               : std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

std::string percent(std::uint64_t part, std::uint64_t of) {
    const std::uint64_t ppm = of == 0 ? 0 : part * 1'000'000 / of;
    return plans::shareText(static_cast<Ppm>(ppm / 100 * 100)).toStdString();
}

std::string counted(std::uint64_t count, const std::string &one, const std::string &many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

// Collects what happened until something stopped the rollout, or until its end.
class Teller final : public Witness {
public:
    Teller(const World &world, std::size_t hypothesis)
        : world_(world)
        , hypothesis_(world.scenario().hypotheses[hypothesis])
        , labelled_(world.suspicions[hypothesis].labelled) {}

    void told(const kernel::Event &, const kernel::Commands &commands,
              const kernel::State &after) override {
        for (const kernel::Command &command : commands) {
            const auto *rule = std::get_if<kernel::Rule>(&command);
            if (rule != nullptr && rule->ruling == kernel::Ruling::Fail) {
                verdict_ = after.verdict;
            }
            const auto *change = std::get_if<kernel::ChangeStatus>(&command);
            if (change != nullptr && change->status == kernel::Status::Waiting) {
                waiting_since_ = after.now - world_.begun;
            }
            stopped_ =
                stopped_ || (change != nullptr && (change->status == kernel::Status::RollingBack ||
                                                   change->status == kernel::Status::Failed));
        }
    }
    void befell(const Happening &happening) override {
        if (stopped_) {
            return;
        }
        ++counts_[static_cast<std::size_t>(happening.what)];
        labelled_failed_ += happening.what == What::StartFailed && !labelled_.empty() &&
                                    labelled_[happening.subject] != 0
                                ? 1
                                : 0;
        if (happening.what == What::SiteDark && dark_sites_ == 0) {
            dark_ = happening;
        }
        dark_sites_ += happening.what == What::SiteDark;
    }

    std::string sentence(const Summary &summary) const {
        std::string text = summary.caught_ms >= 0 ? whyCaught(summary) : whyNot(summary);
        if (dark_sites_ > 0) {
            const auto nodes = world_.site_targets[dark_.subject].size();
            text += "; " + world_.plan().sites[dark_.subject].name + " went dark at " +
                    roughly(dark_.at) + ", " + counted(nodes, "node", "nodes");
        }
        return text;
    }

private:
    std::uint32_t count(What what) const { return counts_[static_cast<std::size_t>(what)]; }

    std::string troubles() const {
        std::string text;
        const auto add = [&](What what, const std::string &one, const std::string &many) {
            if (count(what) > 0) {
                text += (text.empty() ? ": " : ", ") + counted(count(what), one, many);
            }
        };
        add(What::StartFailed, "start failed", "starts failed");
        if (labelled_failed_ > 0) {
            text += " (" + std::to_string(labelled_failed_) + " where " + hypothesis_.label +
                    " is " + hypothesis_.label_value + ")";
        }
        add(What::Refused, "order was refused", "orders were refused");
        add(What::FellSilent, "node fell silent", "nodes fell silent");
        add(What::Slow, "node was slow to start", "nodes were slow to start");
        add(What::Flapped, "time a node flapped", "times a node flapped");
        add(What::NodeDark, "node went dark", "nodes went dark");
        add(What::Draining, "node was drained", "nodes were drained");
        return text;
    }

    std::string whyCaught(const Summary &summary) const {
        const std::string where = "step " + std::to_string(summary.caught_step + 1) + " after " +
                                  roughly(summary.caught_ms);
        switch (summary.caught_cause) {
        case kernel::Cause::Verdict:
            return (hypothesis_.isGood() ? "a false alarm in " : "the check ruled against it in ") +
                   where + evidence();
        case kernel::Cause::Threshold:
            return "too few nodes were healthy in " + where + troubles();
        case kernel::Cause::ProgressDeadline:
            return "nothing went on in " + where + troubles();
        case kernel::Cause::Undecided:
            return "the check could not decide in " + where;
        default:
            return std::string(kernel::nameOf(summary.caught_cause)) + " in " + where + troubles();
        }
    }

    std::string evidence() const {
        const kernel::Sample &fresh = verdict_.fresh;
        const kernel::Sample &stable = verdict_.stable;
        if (fresh.requests == 0 || stable.requests == 0) {
            return troubles();
        }
        return ": " + percent(fresh.errors, fresh.requests) + " errors against " +
               percent(stable.errors, stable.requests) + ", " + percent(fresh.slow, fresh.timed) +
               " slow against " + percent(stable.slow, stable.timed);
    }

    std::string whyNot(const Summary &summary) const {
        if (summary.ending == Ending::Waiting) {
            return "nobody answered since " + roughly(waiting_since_);
        }
        if (summary.ending == Ending::Stuck) {
            return "it was not over at the horizon" + troubles();
        }
        if (summary.failed == 0) {
            return "nothing stopped it" + troubles();
        }
        if (hypothesis_.leak_per_hour > 0) {
            return "errors rise after " + roughly(hypothesis_.leak_after_ms) +
                   ", and no check stopped it";
        }
        return hypothesis_.errors_more > 0 ? std::string("it errs more, and no check stopped it")
                                           : "too few nodes bore the traffic" + troubles();
    }

    const World &world_;
    const Hypothesis &hypothesis_;
    const std::vector<std::uint8_t> &labelled_;
    std::array<std::uint32_t, 8> counts_{};
    std::uint32_t labelled_failed_ = 0;
    Happening dark_;
    std::uint32_t dark_sites_ = 0;
    kernel::Verdict verdict_;
    Millis waiting_since_ = 0;
    bool stopped_ = false;
};

} // namespace

std::string becauseOf(const World &world, std::uint32_t future) {
    Teller teller(world, world.hypothesisOf(future));
    Future again(world);
    const Summary &summary = again.run(future, horizon_ms_max, &teller);
    return teller.sentence(summary);
}

} // namespace aviary::rehearsal
