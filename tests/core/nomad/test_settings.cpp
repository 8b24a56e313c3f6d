// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/settings.h"
#include "core/clusters/nomad/tokenstore.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace aviary;
using namespace aviary::clusters::nomad;
using namespace Qt::Literals;

namespace {

const QString secret = u"11111111-2222-3333-4444-555555555555"_qs;

QProcessEnvironment environment(const QList<std::pair<QString, QString>> &variables) {
    QProcessEnvironment made;
    for (const auto &[name, value] : variables) {
        made.insert(name, value);
    }
    return made;
}

template <class T>
T awaited(const std::function<void(const std::function<void(const T &)> &)> &ask) {
    std::optional<T> answer;
    ask([&answer](const T &given) { answer = given; });
    return QTest::qWaitFor([&] { return answer.has_value(); }, 30'000)
               ? *answer
               : tl::unexpected(Error{ErrorCode::TimedOut, u"no answer"_qs, {}, {}});
}

const QUrl address(u"https://nomad.example:4646"_qs);

Result<TokenStore::Kept> readFrom(TokenStore &store) {
    return awaited<Result<TokenStore::Kept>>([&](const auto &answer) { store.read(answer); });
}
Result<TokenStore::Place> keepIn(TokenStore &store, const QString &token) {
    return awaited<Result<TokenStore::Place>>(
        [&](const auto &answer) { store.keep(token, answer); });
}

} // namespace

class TestSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        // There is no keyring here.
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
    }
    void defaultsAreThoseOfNomad() {
        const auto read = readSettings({}, {});
        QCOMPARE(read.settings, std::optional(Settings()));
        QCOMPARE(read.settings->address, QUrl(u"http://127.0.0.1:4646"_qs));
        QCOMPARE(read.settings->space, u"default"_qs);
    }
    void whatIsGivenComesBeforeVariables() {
        const auto variables = environment({{u"NOMAD_ADDR"_qs, u"https://nomad.example:4646"_qs},
                                            {u"NOMAD_NAMESPACE"_qs, u"*"_qs},
                                            {u"NOMAD_CACERT"_qs, u"/etc/ca.pem"_qs},
                                            {u"NOMAD_TLS_SERVER_NAME"_qs, u"server.eu.nomad"_qs},
                                            {u"NOMAD_SKIP_VERIFY"_qs, u"true"_qs}});
        const auto read =
            readSettings({{u"namespace"_qs, u"team-a"_qs}, {u"skip_verify"_qs, false}}, variables);
        QVERIFY2(read.settings, qPrintable(toText(toError(read.flaws, {}))));
        QCOMPARE(read.settings->address, QUrl(u"https://nomad.example:4646"_qs));
        QCOMPARE(read.settings->space, u"team-a"_qs);
        QCOMPARE(read.settings->ca, u"/etc/ca.pem"_qs);
        QCOMPARE(read.settings->tls_name, u"server.eu.nomad"_qs);
        QVERIFY(!read.settings->skip_verify);
        QCOMPARE(readSettings(toJson(*read.settings), {}).settings, read.settings);
    }
    void wrongSettingsAreAllNamed() {
        const auto read = readSettings({{u"address"_qs, u"ftp://me:secret@nomad"_qs},
                                        {u"namespace"_qs, u"a b"_qs},
                                        {u"key"_qs, u"key.pem"_qs},
                                        {u"tokn"_qs, 1}},
                                       {});
        QVERIFY(!read.settings);
        QStringList fields;
        for (const Flaw &flaw : read.flaws) {
            fields << flaw.field();
        }
        QCOMPARE(fields, (QStringList{u"address"_qs, u"namespace"_qs, u"key"_qs, u"certificate"_qs,
                                      u"tokn"_qs}));
    }
    void aTokenIsNoSetting() {
        const auto read = readSettings({{u"token"_qs, secret}}, {});
        QVERIFY(!read.settings);
        const QString said = toText(toError(read.flaws, {}));
        QVERIFY2(said.contains(u"aviary cluster token"_qs), qPrintable(said));
        QVERIFY(!said.contains(secret));
    }
    // NOMAD_TOKEN is for the server of NOMAD_ADDR, and must not reach another one.
    void aSecretIsForOneServer() {
        Settings settings;
        settings.address = QUrl(u"https://nomad.example:4646"_qs);
        const auto token = std::pair(u"NOMAD_TOKEN"_qs, secret);
        QCOMPARE(secretsFor(settings, environment({token})), Secrets());
        const auto fitting =
            environment({token, {u"NOMAD_ADDR"_qs, u"https://nomad.example:4646/"_qs}});
        QCOMPARE(secretsFor(settings, fitting).token, secret);
        settings.address.setScheme(u"http"_qs);
        QCOMPARE(secretsFor(settings, fitting), Secrets());
    }
    void withoutAKeyringItIsAFileForNobodyElse() {
        QTemporaryDir place;
        TokenStore store(place.path(), address);
        QCOMPARE(readFrom(store)->place, TokenStore::Place::Nowhere);
        QCOMPARE(*keepIn(store, secret), TokenStore::Place::File);
        const QFileInfo file(place.filePath(u"token-https-nomad.example-4646"_qs));
        QCOMPARE(file.permissions() &
                     (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
        QCOMPARE(readFrom(store)->token, secret);
        TokenStore elsewhere(place.path(), QUrl(u"https://other.example:4646"_qs));
        QCOMPARE(readFrom(elsewhere)->place, TokenStore::Place::Nowhere); // it is for one address
        QCOMPARE(*keepIn(store, {}), TokenStore::Place::Nowhere);
        QVERIFY(!QFile::exists(file.filePath()));
    }
    void aTokenThatOthersMayReadIsNotUsed() {
        QTemporaryDir place;
        TokenStore store(place.path(), address);
        QVERIFY(keepIn(store, secret).has_value());
        QFile file(place.filePath(u"token-https-nomad.example-4646"_qs));
        file.setPermissions(QFile::ReadOwner | QFile::ReadGroup);
        const auto read = readFrom(store);
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code, ErrorCode::Refused);
        QVERIFY(!toText(read.error()).contains(secret));
        QVERIFY(file.remove());
        QVERIFY(QFile::link(place.filePath(u"elsewhere"_qs), file.fileName()));
        QVERIFY(!readFrom(store).has_value());
    }
    void onlyOneLineIsAToken() {
        QCOMPARE(*TokenStore::checked(u" "_qs + secret + u"\n"_qs), secret);
        QVERIFY(!TokenStore::checked(u"a\nb"_qs).has_value());
        QVERIFY(!TokenStore::checked(u"tökén"_qs).has_value());
        QVERIFY(!TokenStore::checked({}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "test_settings.moc"
