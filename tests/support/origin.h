// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

// A real repository to push to: a bare one, and a working copy beside it.
namespace aviary::tests {

class Origin {
public:
    Origin() {
        run({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("--bare"),
             QStringLiteral("-b"), QStringLiteral("main"), bare()});
        run({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"),
             QStringLiteral("main"), work()});
        for (const char *setting : {"user.name=Ann Author", "user.email=ann@example.org",
                                    "commit.gpgsign=false", "core.hooksPath=/dev/null"}) {
            const QString text = QString::fromLatin1(setting);
            git({QStringLiteral("config"), text.section(u'=', 0, 0), text.section(u'=', 1)});
        }
    }

    QString bare() const { return directory_.filePath(QStringLiteral("origin.git")); }
    QString work() const { return directory_.filePath(QStringLiteral("work")); }
    QString url() const { return QStringLiteral("file://") + bare(); }
    QString path(const QString &name) const { return directory_.filePath(name); }

    // A file of the working copy; empty: deleted.
    void write(const QString &name, const QByteArray &text) const {
        const QString at = work() + u'/' + name;
        QDir().mkpath(QFileInfo(at).path());
        QFile file(at);
        if (text.isEmpty()) {
            file.remove();
        } else if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0) {
            qFatal("%s", qPrintable(file.errorString()));
        }
    }
    // Everything that was written; answers the new commit.
    QString push(const QString &subject, const QStringList &options = {}) const {
        git({QStringLiteral("add"), QStringLiteral("-A")});
        git(QStringList{QStringLiteral("commit"), QStringLiteral("-q"),
                        QStringLiteral("--allow-empty"), QStringLiteral("-m"), subject} +
            options);
        send();
        return head();
    }
    void send() const {
        git({QStringLiteral("push"), QStringLiteral("-q"), QStringLiteral("--force"), bare(),
             QStringLiteral("HEAD:refs/heads/main")});
    }
    QString head() const {
        return git({QStringLiteral("rev-parse"), QStringLiteral("HEAD")}).trimmed();
    }
    QString git(const QStringList &arguments) const {
        return run(QStringList{QStringLiteral("-C"), work()} + arguments);
    }

    // The plan of a rolling update without waits.
    static QByteArray plan(const QString &service, const QString &image, const QString &more = {}) {
        return QStringLiteral("format: aviary-plan/1\nservice: %1\nto: next\n"
                              "strategy: {kind: rolling, delay: 0 s}\n"
                              "policy: {min_healthy: 0 s, max_parallel: 12}\n%3"
                              "service_definition: {command: /bin/true, image: \"%2\"}\n")
            .arg(service, image, more)
            .toUtf8();
    }

private:
    static QString run(const QStringList &arguments) {
        QProcess process;
        process.start(QStringLiteral("git"), arguments);
        process.waitForFinished(30'000);
        if (process.exitCode() != 0) {
            qFatal("git %s: %s", qPrintable(arguments.join(u' ')),
                   process.readAllStandardError().constData());
        }
        return QString::fromUtf8(process.readAllStandardOutput());
    }

    QTemporaryDir directory_;
};

} // namespace aviary::tests
