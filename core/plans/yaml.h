// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QByteArray>
#include <QJsonValue>
#include <QStringList>

#include <vector>

namespace aviary::plans {

// One value of a YAML document with its place. A scalar keeps its text as it was written, so that
// "1.10" stays a revision's name and "25 %" a share; who reads it decides what it is.
struct YamlNode {
    enum class Kind : quint8 { Null, Scalar, List, Map };

    Kind kind = Kind::Null;
    bool quoted = false; // a quoted scalar is a text, whatever it looks like
    int line = 0;        // from 1
    int column = 0;      // from 1
    QString text;        // of a scalar
    std::vector<YamlNode> items;
    QStringList keys; // of a map, as many as items; each once

    const YamlNode *find(const QString &key) const; // null when absent
};

struct YamlLimits {
    qsizetype bytes_max = 4 * 1024 * 1024;
    int depth_max = 32;
    int nodes_max = 1'000'000;
};

// One document of UTF-8. Refused: beyond the limits, anchors and aliases (a few of them can stand
// for billions of values), explicit tags, keys that are no scalar, a key given twice, a second
// document. `where` names the document in errors; ":line:column" is added.
Result<YamlNode> readYaml(const QByteArray &text, const QString &where = {},
                          const YamlLimits &limits = {});

// The same with several documents, one after another; never none.
Result<std::vector<YamlNode>> readYamlDocuments(const QByteArray &text, const QString &where,
                                                const YamlLimits &limits,
                                                std::size_t documents_max);

// The node at "strategy.stages[2]", or the nearest that there is above it.
const YamlNode &nodeAt(const YamlNode &root, const QString &field);

// Plain scalars become null, true, false and numbers as YAML's core schema has it; all else texts.
QJsonValue toJson(const YamlNode &node);
YamlNode toYaml(const QJsonValue &value);
YamlNode scalar(const QString &text); // a text: quoted where it would be read as something else
YamlNode plain(const QString &text);  // a number, a share, a duration, a word

// Block style, two spaces, keys in the order given, lists of scalars on one line when they fit.
// What is written reads back as the same.
// The root is a map or a list.
QByteArray writeYaml(const YamlNode &root);
// Any node on one line, as it stands behind "key: ": "[10 %, 100 %]", "{judge: not_worse}".
QString toLine(const YamlNode &node);

// Appends a member to a map.
void put(YamlNode &map, const QString &key, YamlNode value);

} // namespace aviary::plans
