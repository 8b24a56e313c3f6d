// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/settings.h"

#include "core/support/fieldreader.h"

#include <QCborMap>
#include <QFileInfo>
#include <QRegularExpression>

namespace aviary::clusters::nomad {
namespace {

constexpr qsizetype text_max = 1'000;

// A member, or else the variable, or else what it was.
class Source {
public:
    Source(FieldReader &reader, const QProcessEnvironment &environment)
        : reader_(reader), environment_(environment) {}

    QString text(const QString &member, const char *variable, const QString &otherwise = {}) {
        const QString set = environment_.value(QLatin1StringView(variable));
        return reader_.text(member, set.isEmpty() ? otherwise : set, text_max);
    }
    bool flag(const QString &member, const char *variable) {
        const QString set = environment_.value(QLatin1StringView(variable)).toLower();
        return reader_.boolean(member, set == u"1" || set == u"true" || set == u"t");
    }

private:
    FieldReader &reader_;
    const QProcessEnvironment &environment_;
};

void checkAddress(FieldReader &reader, const QUrl &address) {
    const bool web = address.scheme() == u"http" || address.scheme() == u"https";
    if (!address.isValid() || !web || address.host().isEmpty() || address.hasQuery() ||
        address.hasFragment() || !address.userInfo().isEmpty()) {
        reader.flaw(QStringLiteral("address"),
                    QObject::tr("must be the address of Nomad's HTTP API, without a user"),
                    QStringLiteral("https://nomad.example:4646"));
    }
}

void checkSpace(FieldReader &reader, const Settings &settings) {
    static const QRegularExpression name(QStringLiteral("^[A-Za-z0-9-]{1,128}$"));
    if (!settings.seesAllSpaces() && !name.match(settings.space).hasMatch()) {
        reader.flaw(QStringLiteral("namespace"), QObject::tr("must be the name of a namespace"),
                    QStringLiteral("default, or * for all"));
    }
}

void checkFiles(FieldReader &reader, const Settings &settings) {
    const std::pair<QString, QString> files[]{
        {QStringLiteral("ca"), settings.ca},
        {QStringLiteral("ca_directory"), settings.ca_directory},
        {QStringLiteral("certificate"), settings.certificate},
        {QStringLiteral("key"), settings.key},
    };
    for (const auto &[member, path] : files) {
        if (!path.isEmpty() && QFileInfo(path).isRelative()) {
            reader.flaw(member, QObject::tr("must be an absolute path"),
                        QStringLiteral("/etc/nomad/ca.pem"));
        }
    }
    if (settings.certificate.isEmpty() != settings.key.isEmpty()) {
        reader.flaw(QStringLiteral("certificate"),
                    QObject::tr("must be given together with its key"),
                    QStringLiteral("certificate and key"));
    }
}

} // namespace

SettingsReading readSettings(const QJsonObject &given, const QProcessEnvironment &environment) {
    SettingsReading reading;
    FieldReader reader(QCborMap::fromJsonObject(given), {}, reading.flaws);
    Source source(reader, environment);
    Settings settings;
    settings.address =
        QUrl(source.text(QStringLiteral("address"), "NOMAD_ADDR", settings.address.toString()));
    settings.region = source.text(QStringLiteral("region"), "NOMAD_REGION");
    settings.space = source.text(QStringLiteral("namespace"), "NOMAD_NAMESPACE", settings.space);
    settings.ca = source.text(QStringLiteral("ca"), "NOMAD_CACERT");
    settings.ca_directory = source.text(QStringLiteral("ca_directory"), "NOMAD_CAPATH");
    settings.certificate = source.text(QStringLiteral("certificate"), "NOMAD_CLIENT_CERT");
    settings.key = source.text(QStringLiteral("key"), "NOMAD_CLIENT_KEY");
    settings.tls_name = source.text(QStringLiteral("tls_server_name"), "NOMAD_TLS_SERVER_NAME");
    settings.skip_verify = source.flag(QStringLiteral("skip_verify"), "NOMAD_SKIP_VERIFY");
    checkAddress(reader, settings.address);
    checkSpace(reader, settings);
    checkFiles(reader, settings);
    if (reader.has(QStringLiteral("token"))) {
        reader.text(QStringLiteral("token"), {}, text_max);
        reader.flaw(QStringLiteral("token"),
                    QObject::tr("does not belong here: settings are kept in the journal"),
                    QObject::tr("aviary cluster token ID reads it from its input"));
    }
    reader.finish();
    if (reading.flaws.empty()) {
        reading.settings = settings;
    }
    return reading;
}

QJsonObject toJson(const Settings &settings) {
    return {{QStringLiteral("address"), settings.address.toString()},
            {QStringLiteral("region"), settings.region},
            {QStringLiteral("namespace"), settings.space},
            {QStringLiteral("ca"), settings.ca},
            {QStringLiteral("ca_directory"), settings.ca_directory},
            {QStringLiteral("certificate"), settings.certificate},
            {QStringLiteral("key"), settings.key},
            {QStringLiteral("tls_server_name"), settings.tls_name},
            {QStringLiteral("skip_verify"), settings.skip_verify}};
}

Secrets secretsFor(const Settings &settings, const QProcessEnvironment &environment) {
    const auto place = [](const QUrl &url) {
        return std::tuple(url.scheme(), url.host(), url.port());
    };
    const QUrl meant(
        environment.value(QStringLiteral("NOMAD_ADDR"), Settings().address.toString()));
    if (place(meant) != place(settings.address)) {
        return {};
    }
    return {environment.value(QStringLiteral("NOMAD_TOKEN")),
            environment.value(QStringLiteral("NOMAD_HTTP_AUTH"))};
}

} // namespace aviary::clusters::nomad
