// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/servicerun.h"

#include "core/deployments/waybackrequest.h"

namespace aviary::conformance {

using namespace kernel;

namespace {

double percentOf(Weight weight) {
    return weight / 100.0;
}

} // namespace

ServiceRun::ServiceRun(QString service, QString stable)
    : service_(std::move(service)), stable_(std::move(stable)) {}

bool ServiceRun::execute(const Strategy &strategy, const QString &revision) {
    PlanRequest request = plainRequest(strategy, 1);
    request.service = service_.toStdString();
    request.from = stable_.toStdString();
    request.to = revision.toStdString();
    request.router = RouterKind::Weights;
    request.judges = std::vector<Judge>{};
    request.policy.max_load_percent = 100'000;
    went_back_ = false;
    forward_ = request;
    return run(request);
}

bool ServiceRun::goBack() {
    if (!run_ || went_back_ || status() != Status::Completed) {
        return false;
    }
    went_back_ = true;
    return run(wayBackRequest(forward_, forward_.from));
}

Refusal ServiceRun::fail() {
    return run_ ? run_->ask(Fail{}) : Refusal::NotStarted;
}

bool ServiceRun::run(const PlanRequest &request) {
    Fleet fleet;
    Node node;
    node.id = "node";
    node.heartbeat_age = 0;
    node.revisions[request.service] = request.from;
    fleet.nodes.push_back(node);
    auto compiled = compile(request, fleet);
    if (const auto *problems = std::get_if<std::vector<Problem>>(&compiled)) {
        for (const Problem &problem : *problems) {
            refusals_.append(QString::fromStdString(problem.field + " " + problem.what));
        }
        return false;
    }
    RolloutRun::World world;
    world.weight = [this](Weight weight) {
        noteTraffic(percentOf(went_back_ ? full_weight - weight : weight));
    };
    world.turn = [this](RevisionIndex) {
        noteTraffic(100);
        return true;
    };
    world.wait = [this](Millis ms) {
        waits_.append(QString(u'W' + QString::number(static_cast<double>(ms) / 1'000, 'g', 12)));
    };
    run_.emplace(std::move(std::get<Plan>(compiled)), std::move(world));
    flag_ = went_back_ ? flag_ : QString::fromStdString(run_->plan().flag);
    if (hasSlots() && !went_back_) {
        noteTraffic(0); // the new slot, before the switch
    }
    run_->ask(Start{});
    return true;
}

bool ServiceRun::hasSlots() const {
    return run_ && run_->plan().strategy == StrategyKind::BlueGreen;
}

void ServiceRun::noteTraffic(double percent) {
    traffic_.append(percent);
}

Status ServiceRun::status() const {
    return run_ ? run_->state().status : Status::Draft;
}

double ServiceRun::traffic() const {
    if (!run_) {
        return 0;
    }
    if (hasSlots()) {
        return run_->state().fresh_slot ? 100 : 0;
    }
    const Weight weight = run_->state().weight;
    return percentOf(went_back_ ? full_weight - weight : weight);
}

QCborMap ServiceRun::metadata() const {
    QCborMap metadata;
    if (!flag_.isEmpty()) {
        metadata[u"flag_name"_qs] = flag_;
    }
    if (hasSlots()) {
        const bool green = run_->state().fresh_slot != went_back_;
        metadata[u"active_slot"_qs] = green ? u"green"_qs : u"blue"_qs;
    }
    return metadata;
}

QCborArray ServiceRun::takeTraffic() {
    return std::exchange(traffic_, {});
}

QCborArray ServiceRun::takeWaits() {
    return std::exchange(waits_, {});
}

} // namespace aviary::conformance
