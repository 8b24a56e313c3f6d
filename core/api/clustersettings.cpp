// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/clustersettings.h"

#include "core/support/words.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonArray>
#include <QRegularExpression>
#include <QUrl>

namespace aviary::api {
namespace {

using Kind = SettingField::Kind;
constexpr int count_max = 4'096;

struct Fields {
    Q_DECLARE_TR_FUNCTIONS(ClusterSettings)
};

// What splits the traffic: an HAProxy that the daemon starts, or one that the operator runs.
std::vector<SettingField> withRouter(std::vector<SettingField> fields) {
    const std::vector<SettingField> router{
        {QStringLiteral("haproxy"), Fields::tr("HAProxy"), Kind::Path,
         QStringLiteral("/usr/sbin/haproxy"), Fields::tr("its program; empty: looked for")},
        {QStringLiteral("router.socket"), Fields::tr("Or one that runs"), Kind::Socket,
         QStringLiteral("/run/haproxy/admin.sock"),
         Fields::tr("the runtime socket of an HAProxy of yours, or its HOST:PORT; then the line "
                    "above stays empty")},
        {QStringLiteral("router.backends"), Fields::tr("Its backends"), Kind::Pairs,
         QStringLiteral("shop=web, till=tills"),
         Fields::tr("SERVICE=BACKEND; one that is not named has the name of its service")},
        {QStringLiteral("router.prefix"), Fields::tr("Its servers"), Kind::Text,
         QStringLiteral("aviary"),
         Fields::tr("how the names of our servers begin; another one for each cluster that shares "
                    "a backend")}};
    fields.insert(fields.end(), router.begin(), router.end());
    return fields;
}

std::vector<SettingField> localFields() {
    return withRouter(
        {{QStringLiteral("nodes"), Fields::tr("Nodes"), Kind::Count, QStringLiteral("3")},
         {QStringLiteral("sites"), Fields::tr("Sites"), Kind::Count, QStringLiteral("1")},
         {QStringLiteral("directory"), Fields::tr("Directory"), Kind::Path,
          QStringLiteral("/srv/edge"),
          Fields::tr("where its nodes live; empty: with the daemon")}});
}

std::vector<SettingField> dockerFields() {
    return withRouter({{QStringLiteral("contexts"), Fields::tr("Contexts"), Kind::Names,
                        QStringLiteral("store-1, store-2"),
                        Fields::tr("of the Docker command line: a node each"), true}});
}

std::vector<SettingField> nomadFields() {
    const auto file = [](const char *name, const QString &label, const char *example,
                         const QString &note) {
        return SettingField{QLatin1StringView(name), label, Kind::Path, QLatin1StringView(example),
                            note};
    };
    return {{QStringLiteral("address"), Fields::tr("Address"), Kind::Address,
             QStringLiteral("https://nomad.example:4646"),
             Fields::tr("of the HTTP API; empty: NOMAD_ADDR of the daemon, or this computer")},
            {QStringLiteral("region"),
             Fields::tr("Region"),
             Kind::Text,
             {},
             Fields::tr("empty: that of the agent")},
            {QStringLiteral("namespace"), Fields::tr("Namespace"), Kind::Text,
             QStringLiteral("default"), Fields::tr("* is every one that the token may see")},
            {QStringLiteral("token"),
             Fields::tr("Token"),
             Kind::Secret,
             {},
             Fields::tr("kept in the keyring of the daemon's computer, or in a file that nobody "
                        "else may read")},
            file("ca", Fields::tr("CA certificate"), "/etc/nomad/ca.pem",
                 Fields::tr("PEM; empty: what the system trusts")),
            file("certificate", Fields::tr("Client certificate"), "/etc/nomad/client.pem",
                 Fields::tr("PEM; together with its key")),
            file("key", Fields::tr("Client key"), "/etc/nomad/client-key.pem",
                 Fields::tr("PEM, without a passphrase")),
            {QStringLiteral("tls_server_name"), Fields::tr("TLS server name"), Kind::Text,
             QStringLiteral("server.global.nomad"),
             Fields::tr("as in the server's certificate; empty: the host of the address")}};
}

QStringList namesIn(const QString &text) {
    static const QRegularExpression between(QStringLiteral("[,\\s]+"));
    return text.split(between, Qt::SkipEmptyParts);
}

QString addressFlaw(const QString &text) {
    const QUrl url(text, QUrl::StrictMode);
    const bool is_web = url.scheme() == u"http" || url.scheme() == u"https";
    return !url.isValid() || !is_web || url.host().isEmpty()
               ? Fields::tr("give an address with http:// or https://")
           : !url.userInfo().isEmpty()
               ? Fields::tr("give it without a user; a token has its own place")
           : url.hasQuery() || url.hasFragment() ? Fields::tr("give it without a query")
                                                 : QString();
}

QString socketFlaw(const QString &text) {
    static const QRegularExpression address(QStringLiteral("\\A[^\\s/]+:[0-9]{1,5}\\z"));
    return QDir::isAbsolutePath(text) || address.match(text).hasMatch()
               ? QString()
               : Fields::tr("give an absolute path, or HOST:PORT");
}

QString pairsFlaw(const QString &text) {
    for (const QString &pair : namesIn(text)) {
        const qsizetype at = pair.indexOf(u'=');
        if (at < 1 || at + 1 == pair.size()) {
            return Fields::tr("give SERVICE=BACKEND, where %1 stands").arg(boundedText(pair, 40));
        }
    }
    return {};
}

QJsonObject pairsIn(const QString &text) {
    QJsonObject pairs;
    for (const QString &pair : namesIn(text)) {
        pairs.insert(pair.section(u'=', 0, 0), pair.section(u'=', 1));
    }
    return pairs;
}

// Undefined: it was left open.
QJsonValue settingFrom(const SettingField &field, const QString &text) {
    const QString given = text.trimmed();
    if (given.isEmpty()) {
        return QJsonValue::Undefined;
    }
    switch (field.kind) {
    case Kind::Count:
        return given.toInt();
    case Kind::Names:
        return QJsonArray::fromStringList(namesIn(given));
    case Kind::Pairs:
        return pairsIn(given);
    case Kind::Flag:
        return true;
    default:
        return given;
    }
}

QString textOf(const QJsonValue &setting) {
    if (setting.isObject()) {
        QStringList pairs;
        const QJsonObject object = setting.toObject();
        for (auto pair = object.begin(); pair != object.end(); ++pair) {
            pairs << pair.key() + u'=' + pair.value().toString();
        }
        return pairs.join(QStringLiteral(", "));
    }
    return setting.isArray()    ? setting.toVariant().toStringList().join(QStringLiteral(", "))
           : setting.isDouble() ? QString::number(setting.toInteger())
           : setting.isBool()   ? (setting.toBool() ? QStringLiteral("yes") : QString())
                                : setting.toString();
}

QString countFlaw(const QString &text) {
    bool is_number = false;
    const int count = text.toInt(&is_number);
    return is_number && count >= 1 && count <= count_max
               ? QString()
               : Fields::tr("give a number from 1 to %1").arg(count_max);
}

} // namespace

std::vector<SettingField> settingFields(ClusterKind kind) {
    switch (kind) {
    case ClusterKind::Local:
        return localFields();
    case ClusterKind::Docker:
        return dockerFields();
    case ClusterKind::Nomad:
        return nomadFields();
    default:
        return {};
    }
}

QString flawOf(const SettingField &field, const QString &text) {
    const QString given = text.trimmed();
    if (given.isEmpty()) {
        return field.needed ? Fields::tr("this is needed") : QString();
    }
    switch (field.kind) {
    case Kind::Address:
        return addressFlaw(given);
    case Kind::Socket:
        return socketFlaw(given);
    case Kind::Pairs:
        return pairsFlaw(given);
    case Kind::Path:
        return QDir::isAbsolutePath(given) ? QString() : Fields::tr("give an absolute path");
    case Kind::Count:
        return countFlaw(given);
    case Kind::Secret:
        return given.contains(u' ') ? Fields::tr("a token has no spaces") : QString();
    default:
        return {};
    }
}

void putSetting(QJsonObject &settings, const SettingField &field, const QString &text) {
    const QJsonValue value = settingFrom(field, text);
    if (value.isUndefined()) {
        return;
    }
    const qsizetype dot = field.name.indexOf(u'.');
    if (dot < 0) {
        settings.insert(field.name, value);
        return;
    }
    const QString outer = field.name.left(dot);
    QJsonObject inner = settings.value(outer).toObject();
    inner.insert(field.name.mid(dot + 1), value);
    settings.insert(outer, inner);
}

QString settingText(const QJsonObject &settings, const SettingField &field) {
    const qsizetype dot = field.name.indexOf(u'.');
    return textOf(
        dot < 0 ? settings.value(field.name)
                : settings.value(field.name.left(dot)).toObject().value(field.name.mid(dot + 1)));
}

} // namespace aviary::api
