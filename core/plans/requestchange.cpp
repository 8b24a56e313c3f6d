// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/requestchange.h"

#include "core/plans/documentedit.h"
#include "core/plans/requestreader.h"

#include <algorithm>

namespace aviary::plans {

using namespace kernel;
using namespace Qt::Literals;

namespace {

// What a plan's steps say of the stages of its canary.
struct Stages {
    std::vector<Weight> weights;
    std::vector<Millis> bakes;
    std::vector<std::optional<Millis>> holds;
};

Stages stagesOf(const Plan &plan) {
    Stages stages;
    for (const Step &step : plan.steps) {
        if (const auto *shift = std::get_if<ShiftStep>(&step)) {
            stages.weights.push_back(shift->weight);
        } else if (const auto *check = std::get_if<CheckStep>(&step)) {
            stages.bakes.push_back(check->bake_ms);
        } else if (const auto *hold = std::get_if<HoldStep>(&step)) {
            stages.holds.push_back(hold->time_ms);
        }
    }
    return stages;
}

// The one value of all of them; none where they differ, or there is none.
template <class Value>
std::optional<Value> common(const std::vector<Value> &values) {
    const bool same =
        std::ranges::adjacent_find(values, std::ranges::not_equal_to()) == values.end();
    return same && !values.empty() ? std::optional<Value>(std::in_place, values.front())
                                   : std::nullopt;
}

// Reads off the stages what this strategy has a parameter for; whether that says it all is for the
// compiler to tell.
struct Follower {
    const Stages &stages;

    void operator()(Canary &canary) const {
        if (stages.weights.size() >= canary.stages.size()) { // else the traffic follows the nodes
            canary.stages = stages.weights;
        }
        canary.bake_ms = common(stages.bakes).value_or(canary.bake_ms);
        if (const auto hold = common(stages.holds)) {
            canary.hold_ms = *hold;
            canary.holds.clear();
        } else if (stages.holds.size() + 1 == canary.stages.size()) {
            canary.holds = stages.holds;
        }
    }
    void operator()(CanarySingle &canary) const { bakeAndHold(canary); }
    void operator()(CanaryTraffic &canary) const { bakeAndHold(canary); }
    void operator()(FeatureFlag &flag) const { bakeAndHold(flag); }
    void operator()(Rolling &) const {}
    void operator()(RollingTraffic &) const {}
    void operator()(BlueGreen &) const {}

private:
    template <class Staged>
    void bakeAndHold(Staged &staged) const {
        staged.bake_ms = common(stages.bakes).value_or(staged.bake_ms);
        staged.hold_ms = common(stages.holds).value_or(staged.hold_ms);
    }
};

std::optional<std::vector<Judge>> firstJudgesOf(const Plan &plan) {
    for (const Step &step : plan.steps) {
        if (const auto *check = std::get_if<CheckStep>(&step)) {
            return std::vector<Judge>(plan.judges.begin() + check->judges_begin,
                                      plan.judges.begin() + check->judges_end);
        }
    }
    return std::nullopt;
}

std::optional<Plan> compiled(const PlanRequest &request, const Fleet &fleet) {
    Compiled result = compile(request, fleet);
    auto *plan = std::get_if<Plan>(&result);
    return plan ? std::optional(std::move(*plan)) : std::nullopt;
}

QString textAt(const YamlNode &map, const QString &key) {
    const YamlNode *member = map.find(key);
    return member ? toLine(*member) : QString();
}

YamlNode judgesNode(const std::vector<Judge> &judges) {
    YamlNode list;
    list.kind = YamlNode::Kind::List;
    for (const Judge &judge : judges) {
        list.items.push_back(writeJudge(judge));
    }
    return list;
}

// What differs in the strategy and the judges, as it has to be written.
std::vector<std::pair<QStringList, QString>> editsOf(const PlanRequest &given,
                                                     const PlanRequest &wanted) {
    std::vector<std::pair<QStringList, QString>> edits;
    const YamlNode before = writeStrategy(given.strategy);
    const YamlNode after = writeStrategy(wanted.strategy);
    QStringList keys = after.keys + before.keys;
    keys.removeDuplicates();
    for (const QString &key : keys) {
        if (textAt(before, key) != textAt(after, key)) {
            edits.push_back({{u"strategy"_qs, key}, textAt(after, key)});
        }
    }
    if (given.judges != wanted.judges && wanted.judges) {
        edits.push_back({{u"judges"_qs}, toLine(judgesNode(*wanted.judges))});
    }
    return edits;
}

// As it stands in the document; empty where it is absent.
QString writtenAt(const YamlNode &document, const QStringList &path) {
    const YamlNode *node = &document;
    for (const QString &key : path) {
        node = node->kind == YamlNode::Kind::Map ? node->find(key) : nullptr;
        if (!node) {
            return {};
        }
    }
    return toLine(*node);
}

QString textOf(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString revisionOf(const Plan &plan, RevisionIndex revision) {
    return revision == no_revision ? QString() : textOf(plan.revisions[revision]);
}

QString judgesOf(const Plan &plan) {
    const auto judges = firstJudgesOf(plan);
    return judges ? toLine(judgesNode(*judges)) : QString();
}

const PlanRequest *requestOf(const PlanReading &reading) {
    return reading.file ? std::get_if<PlanRequest>(&reading.file->content) : nullptr;
}

} // namespace

Result<PlanRequest> requestLike(const PlanRequest &request, const Plan &wanted,
                                const Fleet &fleet) {
    const auto given = compiled(request, fleet);
    PlanRequest like = request;
    std::visit(Follower{stagesOf(wanted)}, like.strategy);
    if (given && given->judges != wanted.judges) {
        like.judges = firstJudgesOf(wanted);
    }
    const auto plan = compiled(like, fleet);
    if (!plan || plan->steps != wanted.steps || plan->judges != wanted.judges) {
        return fail(ErrorCode::Refused, u"no request says what this plan does"_qs, u"strategy"_qs,
                    u"the compiled plan itself"_qs);
    }
    return like;
}

Result<ChangedDocument> withRequest(const QByteArray &text, const PlanRequest &wanted) {
    const PlanReading reading = readPlan(text);
    const PlanRequest *given = requestOf(reading);
    if (!given) {
        return fail(ErrorCode::Invalid, u"the document is no request"_qs, {},
                    u"a plan without flaws that is not compiled yet"_qs);
    }
    ChangedDocument changed{text, {}};
    for (const auto &[path, value] : editsOf(*given, wanted)) {
        const auto edited = withMember(changed.text, path, value);
        if (!edited) {
            return tl::unexpected(edited.error());
        }
        changed.text = *edited;
        changed.changes.push_back({path.join(u'.'), writtenAt(reading.document, path), value});
    }
    const PlanReading again = readPlan(changed.text);
    const PlanRequest *read = requestOf(again);
    if (!read || read->strategy != wanted.strategy || read->judges != wanted.judges) {
        return fail(ErrorCode::Internal, u"the document does not say what it should"_qs);
    }
    return changed;
}

std::vector<MemberChange> differencesOf(const Plan &before, const Plan &after) {
    std::vector<MemberChange> changes;
    const auto add = [&changes](const QString &member, const QString &a, const QString &b) {
        if (a != b) {
            changes.push_back({member, a, b});
        }
    };
    add(u"from"_qs, revisionOf(before, before.from), revisionOf(after, after.from));
    add(u"to"_qs, revisionOf(before, before.to), revisionOf(after, after.to));
    add(u"strategy"_qs, textOf(nameOf(before.strategy)), textOf(nameOf(after.strategy)));
    add(u"mode"_qs, textOf(nameOf(before.mode)), textOf(nameOf(after.mode)));
    add(u"nodes"_qs, QString::number(before.active), QString::number(after.active));
    const YamlNode old_policy = writePolicy(before.policy);
    const YamlNode new_policy = writePolicy(after.policy);
    QStringList keys = new_policy.keys + old_policy.keys;
    keys.removeDuplicates();
    for (const QString &key : keys) {
        add(u"policy."_qs + key, textAt(old_policy, key), textAt(new_policy, key));
    }
    add(u"judges"_qs, judgesOf(before), judgesOf(after));
    return changes;
}

} // namespace aviary::plans
