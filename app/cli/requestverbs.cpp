// SPDX-License-Identifier: GPL-3.0-or-later
// What a person asks of a rollout: approve, start, promote, lower, pause, resume, rollback, fail,
// skip, retry.
#include "app/cli/asking.h"

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

struct Word {
    const char *name;
    const char *text;
};

// One verb with what all of them take.
CLI::App *addRequest(CommandLine &line, const Word &word, const std::shared_ptr<Asking> &asking) {
    asking->verb = QString::fromLatin1(word.name);
    CLI::App *verb =
        line.verb(&line.app, word.name, word.text, "{request: RequestRow, effect?: EffectRow}");
    verb->add_option("ROLLOUT", asking->rollout, "Which rollout")->required();
    verb->add_option("--reason", asking->reason, "Why; kept in the record");
    addDuration(verb, "--timeout", asking->limit_s,
                "How long to wait until the cluster confirmed it (default 30s)");
    verb->callback([&line, asking] {
        line.action = [asking](Conversation &talk) { askRollout(talk, asking); };
    });
    return verb;
}

void addYes(CLI::App *verb, const std::shared_ptr<Asking> &asking) {
    verb->add_flag("--yes,-y", asking->yes, "Do not ask for the service's name");
}

void addShifts(CommandLine &line) {
    auto promote = std::make_shared<Asking>(Asking::Exposure::Raises);
    CLI::App *verb =
        addRequest(line, {"promote", "Goes on to the next stage, or further"}, promote);
    CLI::Option *to =
        addShare(verb, "--to", promote->to, "Go on until this share of traffic, in percent");
    verb->add_flag("--full", promote->full, "Go on to 100 %, past all holds")->excludes(to);
    verb->add_option("--part", promote->parts,
                     "Only this part (task group) of a rollout that the cluster runs itself")
        ->excludes(to);
    addYes(verb, promote);

    auto lower = std::make_shared<Asking>(Asking::Exposure::Lowers);
    verb =
        addRequest(line, {"lower", "Lowers the new revision's share of traffic and waits"}, lower);
    addShare(verb, "--to", lower->to, "Share of traffic, in percent")->required();
}

void addWaysBack(CommandLine &line) {
    auto rollback = std::make_shared<Asking>(Asking::Exposure::Lowers);
    CLI::App *verb = addRequest(
        line, {"rollback", "Undoes a rollout, or brings back a revision that was stable"},
        rollback);
    CLI::Option *version = verb->add_option("--version", rollback->version, "Back to this version");
    verb->add_option("--tag", rollback->tag, "Back to the version with this tag")
        ->excludes(version);
    auto fail = std::make_shared<Asking>(Asking::Exposure::Lowers);
    addRequest(line, {"fail", "Ends a rollout where it stands"}, fail);
}

void addOnNodes(CommandLine &line) {
    auto skip = std::make_shared<Asking>(Asking::Exposure::Raises);
    CLI::App *verb = addRequest(line, {"skip", "Skips the present step, or one node"}, skip);
    verb->add_option("NODE", skip->node, "Only this node");
    addYes(verb, skip);
    auto retry = std::make_shared<Asking>(Asking::Exposure::Raises);
    verb = addRequest(line, {"retry", "Tries the present check and failed nodes again"}, retry);
    verb->add_option("NODE", retry->node, "Only this node");
    addYes(verb, retry);
}

} // namespace

void addRequestVerbs(CommandLine &line) {
    addShifts(line);
    auto pause = std::make_shared<Asking>(Asking::Exposure::Lowers);
    addRequest(line, {"pause", "Freezes a rollout"}, pause);
    auto resume = std::make_shared<Asking>(Asking::Exposure::Raises);
    addYes(addRequest(line, {"resume", "Lets a paused rollout go on"}, resume), resume);
    addWaysBack(line);
    addOnNodes(line);
    auto approve = std::make_shared<Asking>(Asking::Exposure::Keeps);
    addRequest(line, {"approve", "Approves another person's draft"}, approve);
    auto start = std::make_shared<Asking>(Asking::Exposure::Raises);
    addYes(addRequest(line, {"start", "Starts a draft or an approved plan"}, start), start);
}

} // namespace aviary::cli
