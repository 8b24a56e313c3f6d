// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/node.h"
#include "core/routing/routersettings.h"
#include "core/support/fieldreader.h"

#include <QJsonObject>

#include <map>
#include <optional>

// What the files of all clusters that Aviary's own engine drives have in common.
namespace aviary::clusters {

inline constexpr qsizetype nodes_max = 4'096;
inline constexpr qsizetype cluster_bytes_max = 4 * 1024 * 1024;

// The object that the text of such a file is; none: there is one more flaw.
std::optional<QJsonObject> readClusterText(const QByteArray &text, Flaws &flaws);

// id, name, site, labels, capabilities and capacity of one node. `site`: where none is given.
kernel::Node readNodeFields(FieldReader &reader, const QStringList &path, const QString &site,
                            Flaws &flaws);
QJsonObject nodeFields(const kernel::Node &node);

// {"shop": 8080}: where services listen.
std::map<QString, quint16> readPorts(FieldReader &reader);

// Of the settings of a cluster, "haproxy" or "router":
//   "haproxy": "/usr/local/sbin/haproxy"        the program of our own; by default looked for
//   "router": {"socket": "/run/haproxy/admin.sock",    or "127.0.0.1:9999": of an operator's own
//              "backends": {"shop": "web"},     by default the backend of the service's name
//              "prefix": "aviary"}              of the names of our servers there
routing::RouterSettings readRouter(const QJsonObject &settings, Flaws &flaws);

// Flaws of a list of nodes as a whole: none at all, an id twice.
void checkNodes(FieldReader &reader, const std::vector<kernel::Node> &nodes, Flaws &flaws);

} // namespace aviary::clusters
