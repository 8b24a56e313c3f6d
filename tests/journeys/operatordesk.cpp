// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/operatordesk.h"

#include "core/api/requestid.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"
#include "tests/support/programs.h"

#include <QJsonDocument>
#include <QTest>

namespace aviary::tests {

using namespace Qt::Literals;

namespace {

QString wordOf(kernel::Status status) {
    return api::wordOf(status);
}

} // namespace

QJsonObject OperatorDesk::Ran::json() const {
    return QJsonDocument::fromJson(out.toUtf8()).object();
}

OperatorDesk::OperatorDesk(Ground &ground) : ground_(ground) {
    places_ = api::placesOf(directory_.path(), QProcessEnvironment()).value_or(api::Places{});
}

OperatorDesk::~OperatorDesk() {
    session_.reset();
    if (daemon_) {
        daemon_->terminate();
        if (!daemon_->waitForFinished(10'000)) {
            killDaemon();
        }
    }
}

// ---- The daemon --------------------------------------------------------------------------------

bool OperatorDesk::startDaemon() {
    daemon_ = std::make_unique<QProcess>();
    daemon_->setStandardErrorFile(directory_.filePath(u"daemon.log"_qs), QIODevice::Append);
    daemon_->start(program("aviaryd"), {u"--foreground"_qs, u"--state-dir"_qs, places_.state,
                                        u"--socket"_qs, places_.socket});
    if (!daemon_->waitForStarted()) {
        return false;
    }
    if (!session_) {
        session_ = std::make_unique<api::SocketSession>(
            places_, api::Introduction{u"aviary"_qs, u"journey"_qs, {}},
            api::SocketSession::Starting::Never);
        QObject::connect(session_.get(), &api::Session::changed, session_.get(),
                         [this](const QString &topic, const QJsonObject &change) {
                             const auto rows =
                                 api::listFromJson<api::RolloutRow>(change.value(u"rows"_qs));
                             if (topic == u"rollouts"_qs && rows) {
                                 for (const api::RolloutRow &row : *rows) {
                                     rows_[row.id] = row;
                                 }
                             }
                         });
        session_->subscribe(u"rollouts"_qs);
        session_->open();
    }
    return QTest::qWaitFor([this] { return session_->link() == api::Session::Link::Open; }, 20'000);
}

void OperatorDesk::killDaemon() {
    daemon_->kill();
    daemon_->waitForFinished();
    if (session_) {
        [[maybe_unused]] const bool noticed = QTest::qWaitFor(
            [this] { return session_->link() != api::Session::Link::Open; }, 10'000);
        Q_ASSERT(noticed);
    }
    rows_.clear(); // what it said is not what the next one says
}

bool OperatorDesk::unlock() {
    return ask(u"cluster.lock"_qs, {{u"id"_qs, u"edge"_qs}, {u"unlocked"_qs, true}}) &&
           QTest::qWaitFor(
               [this] {
                   const auto answer = ask(u"cluster.list"_qs);
                   const auto rows =
                       answer ? api::listFromJson<api::ClusterRow>(answer->value(u"clusters"_qs))
                              : Result<std::vector<api::ClusterRow>>();
                   return rows && rows->size() == 1 && rows->front().contact == api::Contact::Live;
               },
               20'000);
}

bool OperatorDesk::open() {
    return startDaemon() &&
           ask(u"cluster.add"_qs, {{u"id"_qs, u"edge"_qs},
                                   {u"name"_qs, u"edge"_qs},
                                   {u"kind"_qs, ground_.kind()},
                                   {u"class"_qs, u"development"_qs},
                                   {u"settings"_qs, ground_.settings()}}) &&
           unlock();
}

bool OperatorDesk::openWithV1() {
    if (!open()) {
        return false;
    }
    const QString first =
        deploy({.strategy = u"{kind: rolling, delay: 0 s}"_qs, .policy = u"max_parallel: 12"_qs});
    return awaitStatus(first, kernel::Status::Completed);
}

// ---- Verbs -------------------------------------------------------------------------------------

Result<QJsonObject> OperatorDesk::ask(const QString &verb, QJsonObject parameters) {
    auto said = std::make_shared<std::optional<Result<QJsonObject>>>();
    parameters.insert(u"request_id"_qs, api::newRequestId());
    session_->call(verb, parameters, [said](const Result<QJsonObject> &answer) { *said = answer; });
    if (!QTest::qWaitFor([said] { return said->has_value(); }, 70'000)) {
        return fail(ErrorCode::TimedOut, u"no answer"_qs, verb);
    }
    if (!**said) {
        last_error_ = toText((*said)->error());
    }
    return **said;
}

QByteArray OperatorDesk::planText(const Wish &wish) const {
    QString text = u"format: aviary-plan/1\nservice: shop\nto: next\nstrategy: "_qs +
                   wish.strategy + u"\npolicy: {min_healthy: 200 ms"_qs +
                   (wish.policy.isEmpty() ? QString() : u", "_qs + wish.policy) + u"}\n"_qs;
    text += wish.judges.isEmpty() ? QString() : u"judges: "_qs + wish.judges + u'\n';
    text += wish.more.isEmpty() ? QString() : wish.more + u'\n';
    return text.toUtf8() + "service_definition: " +
           QJsonDocument(ground_.definition(wish.options)).toJson(QJsonDocument::Compact) + '\n';
}

QString OperatorDesk::planFile(const Wish &wish) {
    QFile file(directory_.filePath(u"%1.plan.yaml"_qs.arg(++files_)));
    if (!file.open(QIODevice::WriteOnly) || file.write(planText(wish)) < 0) {
        qFatal("%s", qPrintable(file.errorString()));
    }
    return file.fileName();
}

QString OperatorDesk::deploy(const Wish &wish) {
    const auto answer = ask(u"deploy"_qs, {{u"cluster"_qs, u"edge"_qs},
                                           {u"plan"_qs, QString::fromUtf8(planText(wish))},
                                           {u"start"_qs, true}});
    if (!answer) {
        qWarning("%s", qPrintable(last_error_));
        return {};
    }
    const auto row = api::fromJson<api::RolloutRow>(answer->value(u"rollout"_qs).toObject());
    if (!row || row->id.isEmpty()) {
        qWarning("no rollout: %s", qPrintable(answer->value(u"text"_qs).toString() + u' ' +
                                              (row ? QString() : toText(row.error()))));
        return {};
    }
    rows_.try_emplace(row->id, *row);
    return row->id;
}

bool OperatorDesk::request(const QString &rollout, const QString &verb, QJsonObject more) {
    more.insert(u"rollout"_qs, rollout);
    more.insert(u"verb"_qs, verb);
    const auto answer = ask(u"request"_qs, more);
    if (!answer) {
        qWarning("%s: %s", qPrintable(verb), qPrintable(last_error_));
    }
    return answer.has_value();
}

// ---- What is seen ------------------------------------------------------------------------------

api::RolloutRow OperatorDesk::row(const QString &rollout) const {
    const auto known = rows_.find(rollout);
    return known == rows_.end() ? api::RolloutRow() : known->second;
}

std::vector<api::RolloutRow> OperatorDesk::rows() const {
    std::vector<api::RolloutRow> all;
    for (const auto &[id, row] : rows_) {
        all.push_back(row);
    }
    return all;
}

api::RolloutDetail OperatorDesk::detail(const QString &rollout) {
    const auto answer = ask(u"rollout.get"_qs, {{u"rollout"_qs, rollout}});
    return answer ? api::fromJson<api::RolloutDetail>(*answer).value_or(api::RolloutDetail{})
                  : api::RolloutDetail();
}

bool OperatorDesk::awaitRow(const QString &rollout,
                            const std::function<bool(const api::RolloutRow &)> &ok, int wait_ms) {
    const bool came = QTest::qWaitFor(
        [&] {
            const auto known = rows_.find(rollout);
            return known != rows_.end() && (ok(known->second) || isEnd(known->second.status));
        },
        wait_ms);
    const bool good = came && ok(row(rollout));
    if (!good) {
        qWarning("%s", story(rollout).constData());
    }
    return good;
}

bool OperatorDesk::awaitStatus(const QString &rollout, kernel::Status status, int wait_ms) {
    const bool good = awaitRow(
        rollout, [status](const api::RolloutRow &row) { return row.status == status; }, wait_ms);
    if (!good) {
        qWarning("%s was waited for", qPrintable(wordOf(status)));
    }
    return good;
}

QByteArray OperatorDesk::story(const QString &rollout) {
    const api::RolloutDetail seen = detail(rollout);
    QStringList lines{
        u"rollout %1: %2, %3"_qs.arg(rollout, wordOf(seen.row.status), seen.row.headline),
        u"why: "_qs + seen.why + u" | "_qs + seen.evidence.join(u"; "),
        u"verdict: "_qs + seen.verdict_text};
    for (const api::Happening &happening : seen.happenings) {
        if (lines.size() < 40) {
            lines << u"  %1 %2 %3"_qs.arg(happening.sequence).arg(happening.who, happening.text);
        }
    }
    for (const api::TargetRow &target : seen.targets) {
        lines << u"  %1 %2 %3"_qs.arg(target.node, api::wordOf(target.phase), target.text);
    }
    QFile log(directory_.filePath(u"daemon.log"_qs));
    if (log.open(QIODevice::ReadOnly)) {
        lines << QString::fromUtf8(log.readAll().right(4'000));
    }
    return (lines + ground_.running()).join(u'\n').toUtf8();
}

OperatorDesk::Ran OperatorDesk::aviary(const QStringList &arguments) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"AVIARY_STATE_DIR"_qs, places_.state);
    environment.insert(u"LC_ALL"_qs, u"C.UTF-8"_qs);
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program("aviary"), arguments);
    if (!QTest::qWaitFor([&process] { return process.state() == QProcess::NotRunning; },
                         wait_ms_max)) {
        process.kill();
        process.waitForFinished();
        return {-1, {}, u"it did not end"_qs};
    }
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

} // namespace aviary::tests
