// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gitops/gitprogram.h"

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

namespace aviary::gitops {

namespace {

constexpr qsizetype output_max = 1024 * 1024;
constexpr int look_ms = 100; // at whether it should stop

QProcessEnvironment environment() {
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    for (const QString &name : all.keys()) {
        // What points git at another repository, or makes it tell all it does.
        const bool foreign =
            QStringList{u"GIT_DIR"_qs,       u"GIT_WORK_TREE"_qs,        u"GIT_INDEX_FILE"_qs,
                        u"GIT_NAMESPACE"_qs, u"GIT_OBJECT_DIRECTORY"_qs, u"GIT_COMMON_DIR"_qs,
                        u"GIT_CONFIG"_qs,    u"GIT_TEMPLATE_DIR"_qs,     u"GIT_DEFAULT_HASH"_qs}
                .contains(name) ||
            name == u"GIT_ALTERNATE_OBJECT_DIRECTORIES" || name.startsWith(u"GIT_TRACE"_qs);
        if (foreign) {
            all.remove(name);
        }
    }
    all.insert(u"LC_ALL"_qs, u"C"_qs); // its words are read
    all.insert(u"GIT_TERMINAL_PROMPT"_qs, u"0"_qs);
    all.insert(u"GIT_ASKPASS"_qs, QString());
    all.insert(u"SSH_ASKPASS_REQUIRE"_qs, u"never"_qs);
    all.insert(u"GCM_INTERACTIVE"_qs, u"never"_qs);
    all.insert(u"GIT_ALLOW_PROTOCOL"_qs, u"file:https:ssh"_qs);
    return all;
}

void keep(QByteArray &kept, const QByteArray &more) {
    kept += more.left(output_max - kept.size());
}

// git starts ssh and others: all of the session that it leads.
void end(QProcess &process) {
    const auto pid = static_cast<pid_t>(process.processId());
    if (pid > 0) {
        ::kill(-pid, SIGKILL);
    }
    process.kill();
    process.waitForFinished(2'000);
}

} // namespace

Result<GitAnswer> runGit(const GitRun &run, const std::atomic<bool> &stopped) {
    QProcess process;
    process.setProcessEnvironment(environment());
    process.setStandardInputFile(QProcess::nullDevice());
    process.setChildProcessModifier([bytes = run.file_bytes_max] {
        ::setsid(); // no terminal to ask at
        if (bytes > 0) {
            const rlimit limit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        }
    });
    process.start(u"git"_qs, run.arguments);
    if (!process.waitForStarted()) {
        return fail(ErrorCode::NotFound,
                    QObject::tr("git cannot be run: %1").arg(process.errorString()), {},
                    QObject::tr("install git on the daemon's host"));
    }
    GitAnswer answer;
    QElapsedTimer timer;
    timer.start();
    while (process.state() != QProcess::NotRunning) {
        process.waitForFinished(look_ms);
        keep(answer.out, process.readAllStandardOutput());
        keep(answer.err, process.readAllStandardError());
        if (process.state() != QProcess::NotRunning &&
            (stopped || timer.hasExpired(run.timeout_ms))) {
            end(process);
            return fail(ErrorCode::TimedOut,
                        QObject::tr("git did not end within %1 s").arg(run.timeout_ms / 1'000), {},
                        QObject::tr("see whether the network is slow or the repository huge"));
        }
    }
    keep(answer.out, process.readAllStandardOutput());
    keep(answer.err, process.readAllStandardError());
    answer.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return answer;
}

} // namespace aviary::gitops
