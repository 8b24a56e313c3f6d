// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/samplestory.h"

#include "core/api/requestid.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace aviary {

using namespace Qt::Literals;

namespace {

const QString cluster_id = u"sample"_qs;
const QString service = u"shop"_qs;

// Beside this program, else in $PATH.
QString programPath(const QString &name) {
    const QString beside = QCoreApplication::applicationDirPath() + u'/' + name;
    return QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(name);
}

QString planText(const QString &revision, const QString &strategy, const QString &arguments) {
    return u"format: aviary-plan/1\n"
           "service: shop\n"
           "to: %1\n"
           "%2\n"
           "policy:\n"
           "  max_parallel: 6\n"
           "  min_healthy: 1 s\n"
           "judges:\n"
           "  - {judge: not_worse, margin: 5 %, sample_min: 100}\n"
           "service_definition:\n"
           "  command: \"%3\"\n"
           "  args: [%4]\n"
           "  checks: [{kind: http, path: /ready}]\n"_qs.arg(
               revision, strategy, programPath(u"aviary-sample"_qs), arguments);
}

} // namespace

SampleStory::SampleStory(Desk &desk, QString clusters, QObject *parent)
    : QObject(parent), desk_(desk), clusters_(std::move(clusters)) {
    patience_.setSingleShot(true);
    connect(&patience_, &QTimer::timeout, this,
            [this] { failWith(tr("This step took longer than 2 minutes.")); });
    connect(&desk_, &Desk::rolloutsChanged, this, &SampleStory::look);
    connect(&desk_, &Desk::clustersChanged, this, &SampleStory::look);
    connect(&desk_, &Desk::linkChanged, this, &SampleStory::look);
}

SampleStory::~SampleStory() {
    load_.disconnect(this); // it ends with the object
}

void SampleStory::start() {
    if (progress_.state == SampleProgress::State::Running) {
        return;
    }
    if (progress_.state == SampleProgress::State::Done) {
        step_ = Step::Canary;
    }
    progress_.state = SampleProgress::State::Running;
    run();
}

void SampleStory::stop() {
    if (progress_.state == SampleProgress::State::Running) {
        failWith(tr("Stopped. What was started runs on; remove the cluster to end it."));
    }
}

void SampleStory::next(const QString &done) {
    if (!done.isEmpty()) {
        progress_.done << done;
    }
    step_ = static_cast<Step>(static_cast<int>(step_) + 1);
    run();
}

void SampleStory::failWith(const QString &why) {
    ++turn_;
    patience_.stop();
    progress_.state = SampleProgress::State::Failed;
    progress_.now = why;
    Q_EMIT changed();
}

void SampleStory::run() {
    patience_.start(step_ms_max);
    switch (step_) {
    case Step::Connect:
        progress_.now = tr("starting the daemon");
        break;
    case Step::Add:
        progress_.now = tr("making 12 nodes in 3 sites");
        if (desk_.cluster(cluster_id)) {
            return next();
        }
        ask(u"cluster.add"_qs,
            {{u"id"_qs, cluster_id},
             {u"name"_qs, tr("This computer")},
             {u"kind"_qs, u"local"_qs},
             {u"settings"_qs, QJsonObject{{u"nodes"_qs, 12}, {u"sites"_qs, 3}}}},
            [this](const QJsonObject &) { next(tr("12 nodes in 3 sites")); });
        break;
    case Step::Unlock:
        ask(u"cluster.lock"_qs, {{u"id"_qs, cluster_id}, {u"unlocked"_qs, true}},
            [this](const QJsonObject &) { next(); });
        break;
    case Step::First:
        progress_.now = tr("bringing shop v1 to all nodes");
        deploy(u"v1"_qs, u"strategy: {kind: rolling, delay: 0 s}"_qs, {});
        break;
    case Step::Load:
        progress_.now = tr("starting a steady load");
        return startLoad();
    case Step::Canary:
        progress_.now = tr("beginning shop v2 as a canary");
        deploy(
            u"v2"_qs,
            u"from: v1\nstrategy: {kind: canary, stages: [10 %, 25 %, 50 %, 100 %], bake: 5 s}"_qs,
            u"\"--latency\", \"2\""_qs);
        break;
    case Step::AwaitCanary:
        progress_.state = SampleProgress::State::Done;
        progress_.now = tr("shop v2 takes its first step; it waits for you at 10 %");
        patience_.stop();
        Q_EMIT changed();
        Q_EMIT ready(rollout_);
        return;
    case Step::AwaitFirst:
    case Step::End:
        break;
    }
    Q_EMIT changed();
    look();
}

// What the daemon told may be what a step waits for.
void SampleStory::look() {
    if (progress_.state != SampleProgress::State::Running) {
        return;
    }
    if (step_ == Step::Connect && desk_.link() == Desk::Link::Open) {
        next(tr("daemon"));
    } else if (step_ == Step::AwaitFirst) {
        const api::RolloutRow *row = desk_.rollout(rollout_);
        if (row && row->status == kernel::Status::Completed) {
            next(tr("shop v1 on all nodes"));
        } else if (row && kernel::isEnd(row->status)) {
            failWith(tr("shop v1 did not come up: %1").arg(row->headline));
        }
    }
}

void SampleStory::ask(const QString &verb, QJsonObject parameters,
                      std::function<void(const QJsonObject &)> then) {
    parameters.insert(u"request_id"_qs, api::newRequestId());
    desk_.call(verb, parameters,
               [this, turn = turn_, then = std::move(then)](const Result<QJsonObject> &answer) {
                   if (turn != turn_) {
                       return;
                   }
                   answer ? then(*answer) : failWith(toText(answer.error()));
               });
}

void SampleStory::deploy(const QString &revision, const QString &strategy,
                         const QString &arguments) {
    if (programPath(u"aviary-sample"_qs).isEmpty()) {
        return failWith(tr("aviary-sample is not installed beside this program."));
    }
    ask(u"deploy"_qs,
        {{u"cluster"_qs, cluster_id},
         {u"plan"_qs, planText(revision, strategy, arguments)},
         {u"start"_qs, true},
         {u"reason"_qs, tr("the sample")}},
        [this](const QJsonObject &answer) {
            const auto row = api::fromJson<api::RolloutRow>(answer.value(u"rollout"_qs).toObject());
            if (!row || row->id.isEmpty()) {
                // Nothing had to be done: it runs there already.
                step_ = step_ == Step::First ? Step::AwaitFirst : Step::AwaitCanary;
                return step_ == Step::AwaitFirst ? next() : run();
            }
            rollout_ = row->id;
            next();
        });
}

// The daemon's router tells the port of a service in a file of the cluster's directory.
void SampleStory::startLoad() {
    QFile file(clusters_ + u'/' + cluster_id + u"/router/"_qs + service + u"/port"_qs);
    const QString program = programPath(u"aviary-load"_qs);
    if (program.isEmpty() || !file.open(QIODevice::ReadOnly)) {
        return failWith(
            tr("The load cannot be started: %1")
                .arg(program.isEmpty() ? tr("aviary-load is not installed") : file.errorString()));
    }
    if (load_.state() == QProcess::NotRunning) {
        load_.setStandardOutputFile(QProcess::nullDevice());
        load_.setStandardErrorFile(QProcess::nullDevice());
        load_.start(program, {u"--port"_qs, QString::fromLatin1(file.readAll()).trimmed(),
                              u"--rate"_qs, u"200"_qs, u"--connections"_qs, u"4"_qs});
    }
    next(tr("200 requests a second"));
}

} // namespace aviary
