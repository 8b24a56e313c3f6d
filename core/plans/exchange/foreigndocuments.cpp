// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/foreign.h"
#include "core/support/exactjson.h"

#include <QCborArray>

namespace aviary::plans {

namespace {

constexpr std::size_t documents_max = 100;

// Numbers keep their digits, so that who reads them decides what fits.
YamlNode nodeOf(const QCborValue &value) {
    YamlNode node;
    if (value.isMap()) {
        node.kind = YamlNode::Kind::Map;
        for (const auto &[key, member] : value.toMap()) {
            put(node, key.toString(), nodeOf(member));
        }
    } else if (value.isArray()) {
        node.kind = YamlNode::Kind::List;
        for (const QCborValue &item : value.toArray()) {
            node.items.push_back(nodeOf(item));
        }
    } else if (value.isString()) {
        node = scalar(value.toString());
        node.quoted = true;
    } else if (isHugeInteger(value)) {
        node = plain(digitsOf(value));
    } else if (value.isInteger()) {
        node = plain(QString::number(value.toInteger()));
    } else if (value.isDouble()) {
        node = plain(QString::number(value.toDouble(), 'g', QLocale::FloatingPointShortest));
    } else if (value.isBool()) {
        node = plain(value.toBool() ? u"true"_qs : u"false"_qs);
    }
    return node;
}

} // namespace

Result<std::vector<YamlNode>> readForeign(const QByteArray &text) {
    if (text.trimmed().startsWith('{')) {
        const auto json = readJson(text);
        if (!json) {
            return tl::unexpected(json.error());
        }
        return std::vector<YamlNode>{nodeOf(*json)};
    }
    return readYamlDocuments(text, {}, {}, documents_max);
}

} // namespace aviary::plans
