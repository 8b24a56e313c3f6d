// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/flaw.h"

#include <QJsonObject>
#include <QProcessEnvironment>
#include <QUrl>

#include <optional>

namespace aviary::clusters::nomad {

// How one Nomad is reached. There is no secret in it: see TokenStore.
struct Settings {
    QUrl address = QUrl(QStringLiteral("http://127.0.0.1:4646"));
    QString region;                            // empty: that of the agent
    QString space = QStringLiteral("default"); // the namespace; "*": all that the token may see
    QString ca, ca_directory;                  // PEM; empty: what the system trusts
    QString certificate, key;                  // of the client, PEM
    QString tls_name; // the server's name in its certificate; empty: the host
    bool skip_verify = false;
    bool operator==(const Settings &) const = default;

    bool seesAllSpaces() const { return space == u"*"; }
};

struct SettingsReading {
    std::optional<Settings> settings; // none: there are flaws
    Flaws flaws;
};
// {"address", "region", "namespace", "ca", "ca_directory", "certificate", "key",
// "tls_server_name", "skip_verify"}; what is not given comes from NOMAD_ADDR and the other
// variables of Nomad's own command line. Strict: a token is refused, since settings are kept in the
// journal.
SettingsReading readSettings(const QJsonObject &given, const QProcessEnvironment &environment);
QJsonObject toJson(const Settings &settings);

// NOMAD_TOKEN and NOMAD_HTTP_AUTH ("user:password"), only when NOMAD_ADDR means this address: a
// secret is for one server.
struct Secrets {
    QString token, basic;
    bool operator==(const Secrets &) const = default;
};
Secrets secretsFor(const Settings &settings, const QProcessEnvironment &environment);

} // namespace aviary::clusters::nomad
