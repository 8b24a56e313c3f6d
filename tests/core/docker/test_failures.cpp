// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/engine.h"

#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace aviary;
using namespace aviary::clusters;

namespace {

constexpr int patience_ms = 10'000;

QByteArray answerOf(int status, const QByteArray &body) {
    return "HTTP/1.1 " + QByteArray::number(status) +
           " said\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

EngineAddress addressOf(const QString &host) {
    EngineAddress address;
    address.host = host;
    return address;
}

} // namespace

// Why an engine is not reached, in words, and what would help.
class TestFailures : public QObject {
    Q_OBJECT

    QTemporaryDir place_;

    QString socketPath() const { return place_.filePath(QStringLiteral("sock")); }
    QString socketHost() const { return u"unix://" + socketPath(); }
    // A server that says the same to whoever asks; nothing when there is nothing to say.
    void serve(QLocalServer &server, const QByteArray &said) {
        QLocalServer::removeServer(socketPath());
        QVERIFY(server.listen(socketPath()));
        connect(&server, &QLocalServer::newConnection, &server, [&server, said] {
            QLocalSocket *socket = server.nextPendingConnection();
            connect(socket, &QLocalSocket::readyRead, socket, [socket, said] {
                socket->readAll();
                socket->write(said);
            });
        });
    }
    // A Docker CLI that fails with these words.
    QString cliThatSays(const QString &words) {
        const QString path = place_.filePath(QStringLiteral("docker"));
        QFile::remove(path);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) {
            return {};
        }
        file.write("#!/bin/sh\ncat >&2 <<'END'\n" + words.toUtf8() + "\nEND\nexit 1\n");
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path;
    }
    static Error whyDown(const QString &host, const QString &docker = {}) {
        Engine engine(addressOf(host), docker, QStringLiteral("org.aviary.cluster=edge"));
        QSignalSpy down(&engine, &Engine::wentDown);
        engine.open();
        const bool came = !down.isEmpty() || down.wait(patience_ms);
        return came ? down[0][0].value<Error>() : Error{};
    }
    static void verifySays(const Error &why, const QString &what, const QString &remedy,
                           const QString &where) {
        QVERIFY2(why.what.contains(what), qPrintable(why.what));
        QVERIFY2(why.remedy.contains(remedy), qPrintable(why.remedy));
        QCOMPARE(why.where, where);
    }

private Q_SLOTS:
    void whatListensIsNoEngine_data() {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("remedy");
        const QString address = QStringLiteral("check the address");
        QTest::newRow("a page") << answerOf(200, "<html>hello</html>")
                                << QStringLiteral("no Docker or Podman engine") << address;
        QTest::newRow("a refusal")
            << answerOf(404, "{}") << QStringLiteral("no Docker or Podman engine") << address;
        QTest::newRow("an old engine")
            << answerOf(200, R"({"Version": "18.09", "ApiVersion": "1.39"})")
            << QStringLiteral("API 1.39, 1.40 is needed") << QStringLiteral("19.03");
    }
    void whatListensIsNoEngine() {
        QFETCH(QByteArray, said);
        QFETCH(QString, what);
        QFETCH(QString, remedy);
        QLocalServer server;
        serve(server, said);
        verifySays(whyDown(socketHost()), what, remedy, socketHost());
    }

    void nobodyListens() {
        QTcpServer left;
        QVERIFY(left.listen(QHostAddress::LocalHost));
        const QString host = QStringLiteral("tcp://127.0.0.1:%1").arg(left.serverPort());
        left.close();
        verifySays(whyDown(host), QStringLiteral("nothing listens there"),
                   QStringLiteral("start the engine"), host);
        const QString nowhere = u"unix://" + place_.filePath(QStringLiteral("nowhere"));
        verifySays(whyDown(nowhere), QStringLiteral("there is no such socket"),
                   QStringLiteral("check the path"), nowhere);
    }

    // The words are those of Docker's and ssh's own programs.
    void theCliSaysWhy_data() {
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("remedy");
        QTest::newRow("no route") << QStringLiteral(
                                         "ssh: connect to host box port 22: No route to host")
                                  << QStringLiteral("there is no route to the host")
                                  << QStringLiteral("check the network");
        QTest::newRow("key refused")
            << QStringLiteral("ops@box: Permission denied (publickey).")
            << QStringLiteral("permission denied") << QStringLiteral("give it another key");
        QTest::newRow("socket refused")
            << QStringLiteral("permission denied while trying to connect to the Docker daemon "
                              "socket at unix:///var/run/docker.sock")
            << QStringLiteral("permission denied") << QStringLiteral("group docker");
        QTest::newRow("another authority")
            << QStringLiteral("tls: failed to verify certificate: x509: certificate signed by "
                              "unknown authority")
            << QStringLiteral("TLS: the certificates do not fit") << QStringLiteral("ca.pem");
        QTest::newRow("no certificates")
            << QStringLiteral("unable to resolve docker endpoint: open /c/ca.pem: no such file "
                              "or directory")
            << QStringLiteral("TLS: the certificates cannot be read") << QStringLiteral("ca.pem");
        QTest::newRow("no such context")
            << QStringLiteral("unable to resolve docker endpoint: context \"box\": context not "
                              "found: open /c/meta.json: no such file or directory")
            << QStringLiteral("there is no such context") << QStringLiteral("docker context ls");
        QTest::newRow("silence") << QStringLiteral("context deadline exceeded")
                                 << QStringLiteral("no answer in time")
                                 << QStringLiteral("it is tried again");
        QTest::newRow("no tls there")
            << QStringLiteral("tls: first record does not look like a TLS handshake")
            << QStringLiteral("TLS: the handshake failed") << QStringLiteral("and the port");
        QTest::newRow("unknown host key") << QStringLiteral("Host key verification failed.")
                                          << QStringLiteral("the host key is not known")
                                          << QStringLiteral("connect once with ssh");
    }
    void theCliSaysWhy() {
        QFETCH(QString, said);
        QFETCH(QString, what);
        QFETCH(QString, remedy);
        const QString host = QStringLiteral("ssh://ops@box");
        verifySays(whyDown(host, cliThatSays(said)), what, remedy, host);
    }
    void thereIsNoCli() {
        const QString host = QStringLiteral("ssh://ops@box");
        verifySays(whyDown(host, place_.filePath(QStringLiteral("no-docker"))),
                   QStringLiteral("there is no such file or program"),
                   QStringLiteral("check the path"), host);
    }

    // An engine is let go of in the middle of a word: its connections close, and that is no loss
    // of the engine. Nobody hears of it, and no timer is started for another try.
    void lettingGoIsNoLoss() {
        QLocalServer server;
        serve(server, {});
        auto engine = std::make_unique<Engine>(addressOf(socketHost()), QString(),
                                               QStringLiteral("org.aviary.cluster=edge"));
        QSignalSpy down(engine.get(), &Engine::wentDown);
        QSignalSpy reached(&server, &QLocalServer::newConnection);
        engine->open();
        QVERIFY(!reached.isEmpty() || reached.wait(patience_ms));
        QVERIFY(engine->isOpening());
        engine.reset();
        QCOMPARE(down.count(), 0);
    }
};

QTEST_GUILESS_MAIN(TestFailures)
#include "test_failures.moc"
