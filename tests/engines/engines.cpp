// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engines/engines.h"

#include "core/clusters/docker/dockerinstance.h"
#include "tests/support/programs.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTest>

#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace aviary::tests {
namespace {

constexpr int start_ms_max = 30'000;
constexpr int command_ms_max = 60'000;

constexpr int port_min = 20'000; // below those that the system takes for outgoing connections
constexpr int port_max = 32'767;

bool isFree(int port) {
    return QTcpServer().listen(QHostAddress::LocalHost, static_cast<quint16>(port));
}

QString ran(const QString &program, const QStringList &arguments, int *code = nullptr) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    const bool done = process.waitForFinished(command_ms_max);
    if (code != nullptr) {
        *code = done && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }
    return QString::fromUtf8(process.readAll());
}

QString engineProgram() {
    return QStandardPaths::findExecutable(
        Engines::arePodman() ? QStringLiteral("podman") : QStringLiteral("dockerd"),
        {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/bin")});
}

// The shared libraries of a program, as ldd tells them.
QStringList librariesOf(const QString &program) {
    QStringList libraries;
    const QString told = ran(QStringLiteral("ldd"), {program});
    for (const QString &line : told.split(u'\n')) {
        for (const QString &word : line.split(u' ', Qt::SkipEmptyParts)) {
            if (word.trimmed().startsWith(u'/')) {
                libraries += word.trimmed();
            }
        }
    }
    return libraries;
}

bool copyInto(const QString &root, const QString &file, const QString &as) {
    return QDir().mkpath(QFileInfo(root + as).path()) && QFile::copy(file, root + as) &&
           QFile::setPermissions(root + as, QFileInfo(file).permissions() | QFile::ExeOther |
                                                QFile::ReadOther);
}

} // namespace

bool Engines::arePodman() {
    return qEnvironmentVariable("AVIARY_TEST_ENGINE") == QStringLiteral("podman");
}

Engines::Engines(int count) {
    if (::geteuid() != 0 || engineProgram().isEmpty() ||
        !QFile::exists(QStringLiteral("/bin/busybox"))) {
        why_not_ = QStringLiteral("engines need root, docker.io (or podman) and busybox-static");
        return;
    }
    if (!makeImage()) {
        why_not_ = QStringLiteral("the image of the sample service could not be made");
        return;
    }
    for (int i = 0; i < count; ++i) {
        engines_.push_back(std::make_unique<QProcess>());
    }
    for (int i = 0; i < count && why_not_.isEmpty(); ++i) {
        const QString tar = place_.filePath(QStringLiteral("image.tar"));
        if (!start(i)) {
            why_not_ =
                u"no engine runs here: " +
                QString::fromUtf8(engines_[static_cast<std::size_t>(i)]->readAll()).right(2'000);
        } else {
            takeImage(i, tar);
        }
    }
}

// In a chroot on a plain directory an engine starts, and cannot unpack an image.
void Engines::takeImage(int engine, const QString &tar) {
    for (const char *tag : {"v1", "v2"}) {
        int code = 0;
        const QString said =
            docker(engine, {QStringLiteral("import"), tar, image(QString::fromLatin1(tag))}, &code);
        if (code != 0) {
            why_not_ = u"an engine takes no image here: " + said.right(2'000);
        }
    }
}

Engines::~Engines() {
    for (int i = 0; i < count(); ++i) {
        const QString all = docker(i, {QStringLiteral("ps"), QStringLiteral("-aq")});
        const QStringList ids = all.split(u'\n', Qt::SkipEmptyParts);
        if (!ids.isEmpty()) {
            docker(i, QStringList{QStringLiteral("rm"), QStringLiteral("-f")} + ids);
        }
        stop(i);
        // dockerd leaves this mounted, and the directory could not be removed.
        const QString left = path(i, QStringLiteral("exec")) + u"/netns/default";
        ::umount2(QFile::encodeName(left).constData(), MNT_DETACH);
    }
}

QString Engines::path(int engine, const QString &name) const {
    return place_.filePath(QStringLiteral("%1-%2").arg(name).arg(engine));
}

QString Engines::socket(int engine) const {
    return path(engine, QStringLiteral("sock"));
}

bool Engines::makeImage() {
    const QString root = place_.filePath(QStringLiteral("root"));
    const QString sample = program("aviary-sample");
    bool good = copyInto(root, QStringLiteral("/bin/busybox"), QStringLiteral("/bin/busybox")) &&
                QFile::link(QStringLiteral("busybox"), root + u"/bin/sh") &&
                copyInto(root, sample, QStringLiteral("/bin/aviary-sample"));
    for (const QString &library : librariesOf(sample)) {
        good = copyInto(root, library, library) && good;
    }
    int code = 0;
    ran(QStringLiteral("tar"),
        {QStringLiteral("-C"), root, QStringLiteral("-cf"),
         place_.filePath(QStringLiteral("image.tar")), QStringLiteral(".")},
        &code);
    return good && code == 0;
}

QStringList Engines::arguments(int engine) const {
    const QString data = path(engine, QStringLiteral("data"));
    const QString exec = path(engine, QStringLiteral("exec"));
    if (arePodman()) {
        return {QStringLiteral("--root"),
                data,
                QStringLiteral("--runroot"),
                exec,
                QStringLiteral("--tmpdir"),
                path(engine, QStringLiteral("tmp")),
                QStringLiteral("--storage-driver=vfs"),
                QStringLiteral("--cgroup-manager=cgroupfs"),
                QStringLiteral("--events-backend=file"),
                QStringLiteral("--log-level=warn"),
                QStringLiteral("system"),
                QStringLiteral("service"),
                QStringLiteral("--time=0"),
                host(engine)};
    }
    return {QStringLiteral("--data-root"),
            data,
            QStringLiteral("--exec-root"),
            exec,
            QStringLiteral("--pidfile"),
            path(engine, QStringLiteral("pid")),
            QStringLiteral("--host"),
            host(engine),
            QStringLiteral("--bridge=none"),
            QStringLiteral("--iptables=false"),
            QStringLiteral("--ip6tables=false"),
            QStringLiteral("--storage-driver=vfs"),
            QStringLiteral("--log-level=warn")};
}

// Podman gives containers higher limits than a machine in a sandbox may give.
QProcessEnvironment Engines::environment(int engine) const {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    QFile file(path(engine, QStringLiteral("conf")));
    if (arePodman() && file.open(QIODevice::WriteOnly)) {
        file.write("[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n");
        environment.insert(QStringLiteral("CONTAINERS_CONF"), file.fileName());
    }
    return environment;
}

quint16 Engines::freePorts(int count) {
    static int next = port_min;
    for (int port = next, free = 0; port <= port_max; ++port) {
        free = isFree(port) ? free + 1 : 0;
        if (free == count) {
            next = port + 1;
            return static_cast<quint16>(port - count + 1);
        }
    }
    return 0;
}

bool Engines::start(int engine) {
    QProcess &process = *engines_[static_cast<std::size_t>(engine)];
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardOutputFile(path(engine, QStringLiteral("log")));
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); }); // we may crash
    process.setProcessEnvironment(environment(engine));
    process.start(engineProgram(), arguments(engine));
    const QDeadlineTimer until(start_ms_max);
    while (process.state() != QProcess::NotRunning && !until.hasExpired()) {
        int code = 0;
        docker(engine, {QStringLiteral("version")}, &code);
        if (code == 0) {
            return true;
        }
        process.waitForFinished(200); // it would be over early
    }
    return false;
}

void Engines::stop(int engine) {
    QProcess &process = *engines_[static_cast<std::size_t>(engine)];
    if (process.state() != QProcess::NotRunning) {
        process.terminate();
        process.waitForFinished(start_ms_max);
    }
}

QString Engines::docker(int engine, const QStringList &arguments, int *code) const {
    return ran(QStringLiteral("/usr/bin/docker"),
               QStringList{QStringLiteral("-H"), host(engine)} + arguments, code);
}

QStringList Engines::running() const {
    const QString format = QStringLiteral("{{.Label \"%1\"}} {{.Label \"%2\"}}")
                               .arg(clusters::docker_label::node, clusters::docker_label::revision);
    QStringList found;
    for (int i = 0; i < count(); ++i) {
        if (engines_[static_cast<std::size_t>(i)]->state() == QProcess::Running) {
            found += docker(i, {QStringLiteral("ps"), QStringLiteral("--format"), format})
                         .split(u'\n', Qt::SkipEmptyParts);
        }
    }
    found.sort();
    return found;
}

} // namespace aviary::tests
