// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/dockerinstance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QPointer>
#include <QRegularExpression>

namespace aviary::clusters {
namespace {

constexpr int start_ms_max = 60'000;
constexpr int fetch_silence_ms = 10 * 60'000; // an engine that unpacks says nothing
constexpr int port_tries_max = 10;
constexpr int tries_max = 3; // after 1, 2 and 4 s: an engine that goes down needs a while
constexpr int again_ms = 1'000;
constexpr qint64 mib = 1024 * 1024;

QString encoded(const QString &text) {
    return QString::fromLatin1(text.toUtf8().toPercentEncoding());
}

QString containerPath(const QString &name, const QString &rest) {
    return u"/containers/" + name + rest;
}

bool isPortTaken(const QString &message) {
    return message.contains(u"port is already allocated") ||
           message.contains(u"address already in use");
}

bool isDiskFull(const QString &message) {
    return message.contains(u"no space left", Qt::CaseInsensitive);
}

// What an engine says, as one would tell it.
QString inWords(const QString &message) {
    return isDiskFull(message) ? u"the disk of the node is full: " + message : message;
}

} // namespace

std::optional<InstanceRecord> recordOf(const QJsonObject &labels) {
    const auto text = [&labels](const QString &name) { return labels[name].toString(); };
    const QJsonObject definition =
        QJsonDocument::fromJson(text(docker_label::definition).toUtf8()).object();
    DefinitionReading reading = readDefinition(definition);
    InstanceRecord record;
    record.node = text(docker_label::node);
    record.service = text(docker_label::service);
    record.revision = text(docker_label::revision);
    record.port = text(docker_label::port).toUShort();
    if (!reading.definition || record.service.isEmpty() || record.revision.isEmpty()) {
        return std::nullopt;
    }
    record.ticket = {text(docker_label::rollout), text(docker_label::order).toUInt(),
                     text(docker_label::target).toUInt()};
    record.definition = std::move(*reading.definition);
    return record;
}

DockerInstance::DockerInstance(InstanceRecord record, QString directory, const DockerGround &ground,
                               QObject *parent)
    : HostedInstance(std::move(record), std::move(directory), ground.router, parent)
    , ground_(ground) {
    setEndpoint(QString::fromStdString(ground.place.node.address), this->record().port);
    connect(this, &HostedInstance::changed, this, &DockerInstance::noteReadiness);
    look_again_.setSingleShot(true);
    connect(&look_again_, &QTimer::timeout, this, &DockerInstance::look);
}

// Readable, and of its own whatever signs its parts are made of.
QString DockerInstance::name() const {
    static const QRegularExpression odd(QStringLiteral("[^A-Za-z0-9_.-]"));
    const InstanceRecord &r = record();
    const QByteArray whole =
        QStringList{ground_.cluster_id, r.node, r.service, r.revision}.join(u'\n').toUtf8();
    const QByteArray mark =
        QCryptographicHash::hash(whole, QCryptographicHash::Sha256).toHex().left(8);
    QString words = r.service + u'-' + r.revision;
    words.truncate(80);
    words.replace(odd, QStringLiteral("-"));
    return u"aviary-" + words + u'-' + QString::fromLatin1(mark);
}

// A command check is the container's own health check (see creation).
std::vector<health::Check> DockerInstance::checks() const {
    std::vector<health::Check> checks = health::checksOf(record().definition);
    std::erase_if(checks, [](const health::Check &check) {
        return std::holds_alternative<health::CommandCheck>(check.question);
    });
    return checks;
}

void DockerInstance::ask(const EngineRequest &request, Then then) {
    const quint64 asked = ++asked_;
    ground_.engine.ask(request,
                       [self = QPointer(this), asked, then](const Result<EngineAnswer> &answer) {
                           if (self && self->asked_ == asked && answer) {
                               (self->*then)(*answer);
                           }
                       });
}

// ---- From nothing to running --------------------------------------------------------------------

void DockerInstance::resume() {
    if (!isFailed()) {
        tries_ = 0;
        look();
    }
}

void DockerInstance::launch() {
    port_tries_ = 0;
    tries_ = 0;
    look();
}

void DockerInstance::look() {
    look_again_.stop();
    ask({.path = containerPath(name(), QStringLiteral("/json"))}, &DockerInstance::noteFound);
}

void DockerInstance::noteFound(const EngineAnswer &answer) {
    const QJsonObject container = Engine::objectOf(answer);
    const QJsonObject state = container[u"State"].toObject();
    const bool there = answer.status == 200;
    container_id_ = there ? container[u"Id"].toString() : QString();
    removing_ = false; // what was under way when the engine was lost is over
    if (isRetiring()) {
        running_ = there && state[u"Running"].toBool();
        resumeRetiring();
    } else if (there && state[u"Running"].toBool()) {
        noteRuns(state);
    } else if (there) {
        start(); // it was made only, or it ended unseen, maybe with its engine
    } else if (answer.status == 404) {
        lookForImage();
    } else {
        noteRefusal(answer, kernel::Cause::OrderRefused);
    }
}

void DockerInstance::lookForImage() {
    ask({.path = u"/images/" + encoded(record().definition.image) + u"/json"},
        &DockerInstance::noteImage);
}

void DockerInstance::noteImage(const EngineAnswer &answer) {
    if (answer.status == 200) {
        create();
    } else if (answer.status == 404) {
        fetchImage();
    } else {
        noteRefusal(answer, kernel::Cause::OrderRefused);
    }
}

QString DockerInstance::loadFile() const {
    QString file = record().definition.image;
    file.replace(u'/', u'_').replace(u':', u'_').replace(u'@', u'_');
    const QString path = ground_.cluster.images + u'/' + file + u".tar";
    return ground_.cluster.images.isEmpty() || !QFileInfo(path).isFile() ? QString() : path;
}

void DockerInstance::fetchImage() {
    const QString &image = record().definition.image;
    if (const QString file = loadFile(); !file.isEmpty()) {
        setTrouble(u"loads " + image);
        ask({.method = "POST",
             .path = QStringLiteral("/images/load?quiet=1"),
             .body_file = file,
             .timeout_ms = fetch_silence_ms},
            &DockerInstance::noteLoaded);
    } else if (ground_.cluster.pull) {
        setTrouble(u"pulls " + image);
        // Without a tag the engine would pull every one that there is.
        const bool exact = image.contains(u'@') ||
                           QStringView(image).mid(image.lastIndexOf(u'/') + 1).contains(u':');
        ask({.method = "POST",
             .path = u"/images/create?fromImage=" + encoded(image) +
                     (exact ? QString() : QStringLiteral("&tag=latest")),
             .timeout_ms = fetch_silence_ms},
            &DockerInstance::notePulled);
    } else {
        refuse(u"the node has no image " + image + u", and none may be pulled");
    }
}

void DockerInstance::noteLoaded(const EngineAnswer &answer) {
    const bool failed = answer.status != 200 || answer.body.contains("\"errorDetail\"");
    if (failed) {
        refuse(u"the image could not be loaded: " + inWords(Engine::messageOf(answer)));
    } else {
        create();
    }
}

// The answer is a stream of JSON lines; an error is the last of them, under status 200.
void DockerInstance::notePulled(const EngineAnswer &answer) {
    QString error = answer.status == 200 ? QString() : Engine::messageOf(answer);
    for (const QByteArray &line : answer.body.split('\n')) {
        const QString said = QJsonDocument::fromJson(line).object()[u"error"].toString();
        error = said.isEmpty() ? error : said.left(500);
    }
    if (error.isEmpty()) {
        create();
    } else {
        refuse(u"the image could not be pulled: " + inWords(error));
    }
}

void DockerInstance::create() {
    ask({.method = "POST",
         .path = u"/containers/create?name=" + name(),
         .body = creation(),
         .timeout_ms = start_ms_max},
        &DockerInstance::noteCreated);
}

void DockerInstance::noteCreated(const EngineAnswer &answer) {
    if (answer.status == 201) {
        container_id_ = Engine::objectOf(answer)[u"Id"].toString();
        start();
    } else if (answer.status == 409) { // it is there already: an answer of ours was lost
        look();
    } else {
        noteRefusal(answer, kernel::Cause::OrderRefused);
    }
}

void DockerInstance::start() {
    ask({.method = "POST",
         .path = containerPath(name(), QStringLiteral("/start")),
         .timeout_ms = start_ms_max},
        &DockerInstance::noteStart);
}

void DockerInstance::noteStart(const EngineAnswer &answer) {
    if (answer.status == 204 || answer.status == 304) {
        noteRuns({});
    } else if (isPortTaken(Engine::messageOf(answer)) && port_tries_ < port_tries_max) {
        retryOnNextPort(Engine::messageOf(answer));
    } else {
        noteRefusal(answer, kernel::Cause::StartFailed);
    }
}

// An engine that is going down answers for a while, and refuses what it cannot do any more: such a
// refusal counts when it is still there a little later.
void DockerInstance::noteRefusal(const EngineAnswer &answer, kernel::Cause cause) {
    const QString message = Engine::messageOf(answer);
    const QString why = message.isEmpty() ? QStringLiteral("refused") : inWords(message);
    if (answer.status >= 500 && !isDiskFull(message)) {
        lookAgainSoon(cause, why);
    } else {
        failForGood(cause, why);
    }
}

void DockerInstance::lookAgainSoon(kernel::Cause cause, const QString &why) {
    if (tries_ >= tries_max) {
        failForGood(cause, why);
        return;
    }
    setTrouble(why);
    look_again_.start(again_ms << tries_++);
}

// Somebody else has the port: the container is made again with another.
void DockerInstance::retryOnNextPort(const QString &why) {
    ++port_tries_;
    const DockerPlace &place = ground_.place;
    const int next = record().port + 1 > place.port_last ? place.port_first : record().port + 1;
    changePort(static_cast<quint16>(next));
    setTrouble(why);
    removing_ = true;
    ground_.engine.ask(
        {.method = "DELETE", .path = containerPath(name(), QStringLiteral("?force=1&v=1"))},
        [self = QPointer(this)](const Result<EngineAnswer> &answer) {
            if (self && answer) {
                self->removing_ = false;
                self->create();
            }
        });
}

QByteArray DockerInstance::creation() const {
    const InstanceRecord &r = record();
    const ServiceDefinition &what = r.definition;
    const bool host = ground_.place.host_network;
    const quint16 inside = host || what.port == 0 ? r.port : what.port;
    const QString port = QString::number(inside) + u"/tcp";
    const QJsonObject labels{
        {docker_label::cluster, ground_.cluster_id},
        {docker_label::node, r.node},
        {docker_label::service, r.service},
        {docker_label::revision, r.revision},
        {docker_label::rollout, r.ticket.rollout},
        {docker_label::order, QString::number(r.ticket.order)},
        {docker_label::target, QString::number(r.ticket.target)},
        {docker_label::port, QString::number(r.port)},
        {docker_label::definition,
         QString::fromUtf8(QJsonDocument(toJson(what)).toJson(QJsonDocument::Compact))}};
    QJsonObject hosting{
        {QStringLiteral("NetworkMode"), host ? QStringLiteral("host") : QStringLiteral("bridge")},
        {QStringLiteral("Memory"), what.needs.memory_mib * mib},
        {QStringLiteral("LogConfig"),
         QJsonObject{{QStringLiteral("Type"), QStringLiteral("json-file")},
                     {QStringLiteral("Config"),
                      QJsonObject{{QStringLiteral("max-size"), QStringLiteral("4m")},
                                  {QStringLiteral("max-file"), QStringLiteral("3")}}}}}};
    QJsonObject body{{QStringLiteral("Image"), what.image},
                     {QStringLiteral("Labels"), labels},
                     {QStringLiteral("Env"), QJsonArray::fromStringList(environmentOf(r, inside))},
                     {QStringLiteral("StopTimeout"), what.stop_grace_ms / 1'000}};
    if (!host) {
        body[QStringLiteral("ExposedPorts")] = QJsonObject{{port, QJsonObject()}};
        const QJsonObject binding{{QStringLiteral("HostPort"), QString::number(r.port)}};
        hosting[QStringLiteral("PortBindings")] = QJsonObject{{port, QJsonArray{binding}}};
    }
    if (!what.command.isEmpty()) {
        body[QStringLiteral("Entrypoint")] = QJsonArray{what.command};
    }
    if (!what.args.isEmpty()) {
        body[QStringLiteral("Cmd")] = QJsonArray::fromStringList(what.args);
    }
    for (const health::Check &check : health::checksOf(what)) {
        if (const auto *asked = std::get_if<health::CommandCheck>(&check.question)) {
            constexpr qint64 ns_per_ms = 1'000'000;
            body[QStringLiteral("Healthcheck")] = QJsonObject{
                {QStringLiteral("Test"),
                 QJsonArray::fromStringList(QStringList{QStringLiteral("CMD")} + asked->command)},
                {QStringLiteral("Interval"), check.interval_ms * ns_per_ms},
                {QStringLiteral("Timeout"), check.timeout_ms * ns_per_ms},
                {QStringLiteral("Retries"), 1}};
        }
    }
    body[QStringLiteral("HostConfig")] = hosting;
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

// ---- While it runs ------------------------------------------------------------------------------

void DockerInstance::noteRuns(const QJsonObject &state) {
    const QString own = state[u"Health"].toObject()[u"Status"].toString();
    const bool waits = own == QStringLiteral("starting") || own == QStringLiteral("unhealthy");
    setObjection(waits ? u"the container's own check: " + own : QString());
    signalled_ = false;
    ending_ = false;
    if (!std::exchange(running_, true)) {
        noteStarted();
    }
    noteReadiness();
}

// Once it was ready, a crash is the engine's to mend, even while nobody of us is there; where the
// engine cannot, we do.
void DockerInstance::noteReadiness() {
    const bool mended = record().definition.restart.attempts > 0;
    if (!record().was_ready || told_ || !mended || isRetiring()) {
        return;
    }
    told_ = true;
    const QByteArray policy = "{\"RestartPolicy\":{\"Name\":\"unless-stopped\"}}";
    ground_.engine.ask({.method = "POST",
                        .path = containerPath(name(), QStringLiteral("/update")),
                        .body = policy},
                       [self = QPointer(this)](const Result<EngineAnswer> &answer) {
                           if (self) {
                               self->told_ = answer.has_value(); // else it is told again
                               self->persistent_ = answer && answer->status < 300;
                           }
                       });
}

void DockerInstance::noteEvent(const QString &action, const QJsonObject &attributes) {
    if (action == QStringLiteral("start")) {
        if (!isRetiring() && !isFailed() && record().was_ready) {
            noteRuns({});
        }
    } else if (action == QStringLiteral("die")) {
        noteExit(attributes[u"exitCode"].toString().toInt());
    } else if (action == QStringLiteral("kill")) {
        signalled_ = true; // and "die" follows, maybe
    } else if (action == QStringLiteral("oom")) {
        out_of_memory_ = true; // and "die" follows
    } else if (action == QStringLiteral("destroy") ||
               action == QStringLiteral("remove")) { // Podman
        if (!removing_ && !isRetiring() && !isFailed()) {
            running_ = false;
            failForGood(kernel::Cause::Exited,
                        QStringLiteral("somebody else removed the container"));
        }
    } else if (action.startsWith(u"health_status")) {
        const bool good = action.endsWith(u" healthy");
        setObjection(good ? QString() : QStringLiteral("the container's own check fails"));
    }
}

void DockerInstance::noteExit(int code) {
    const bool ran = std::exchange(running_, false);
    const bool out_of_memory = std::exchange(out_of_memory_, false);
    if (isRetiring() || (!ran && isFailed())) {
        return; // the answer to our own stop goes on from here
    }
    if (signalled_ && !ending_ && !record().was_ready) { // it did not end by itself
        lookAgainSoon(kernel::Cause::StartFailed,
                      QStringLiteral("somebody else stopped it, or its engine did"));
        return;
    }
    const QString why = out_of_memory ? QStringLiteral("it was out of memory")
                                      : QStringLiteral("exited with %1").arg(code);
    noteEnded(why);
    if (isFailed() && persistent_) { // too often: the engine is not to start it again
        ground_.engine.ask(
            {.method = "POST", .path = containerPath(name(), QStringLiteral("/stop"))},
            [](const Result<EngineAnswer> &) {});
    }
}

void DockerInstance::readMemory() {
    ground_.engine.ask(
        {.path = containerPath(name(), QStringLiteral("/stats?stream=false&one-shot=true"))},
        [self = QPointer(this)](const Result<EngineAnswer> &answer) {
            if (self && answer && answer->status == 200) {
                const QJsonObject stats = Engine::objectOf(*answer)[u"memory_stats"].toObject();
                self->memory_mib_ = stats[u"usage"].toInteger() / mib;
            }
        });
}

// ---- To its end ---------------------------------------------------------------------------------

void DockerInstance::terminate() {
    ending_ = true;
    look_again_.stop();
    const qint64 grace_ms = record().definition.stop_grace_ms;
    ask({.method = "POST",
         .path = containerPath(name(), QStringLiteral("/stop?t=%1").arg(grace_ms / 1'000)),
         .timeout_ms = static_cast<int>(grace_ms) + start_ms_max},
        &DockerInstance::noteStopped);
}

void DockerInstance::noteStopped(const EngineAnswer & /*answer*/) {
    running_ = false; // stopped, was not running, or is not there: all the same
    noteEnded(QStringLiteral("stopped"));
}

void DockerInstance::erase(std::function<void()> done) {
    removing_ = true;
    ground_.engine.ask(
        {.method = "DELETE", .path = containerPath(name(), QStringLiteral("?force=1&v=1"))},
        [done = std::move(done)](const Result<EngineAnswer> &answer) {
            if (answer) { // else its node looks again when the engine is back
                done();
            }
        });
}

void DockerInstance::refuse(const QString &why) {
    failForGood(kernel::Cause::OrderRefused, why);
}

} // namespace aviary::clusters
