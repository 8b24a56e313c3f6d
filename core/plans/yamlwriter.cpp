// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/yaml.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

namespace aviary::plans {

namespace {

constexpr int line_length_max = 100;

// What YAML 1.1 or 1.2 would read as something else than a text is quoted, and so is all that is
// not plainly a word.
bool needsQuotes(const QString &text) {
    static const QRegularExpression word(QStringLiteral("^[A-Za-z_/][A-Za-z0-9_./@-]*$"));
    static const QRegularExpression taken(
        QStringLiteral("^(true|false|null|yes|no|on|off|y|n|\\.?nan|\\.?inf)$"),
        QRegularExpression::CaseInsensitiveOption);
    return !word.match(text).hasMatch() || taken.match(text).hasMatch();
}

bool isPlainCharacter(char32_t character) {
    return character == U'\t' || (character >= 0x20 && character != 0x7f &&
                                  QChar::category(character) != QChar::Other_Control &&
                                  QChar::category(character) != QChar::Other_Format &&
                                  QChar::category(character) != QChar::Separator_Line &&
                                  QChar::category(character) != QChar::Separator_Paragraph);
}

// Double quotes; control characters and those that turn the direction of text are spelt out.
QString quoted(const QString &text) {
    QString result = u"\""_qs;
    for (const char32_t character : text.toUcs4()) {
        if (character == U'"' || character == U'\\') {
            result += u'\\';
            result += QChar(static_cast<char16_t>(character));
        } else if (character == U'\n') {
            result += u"\\n";
        } else if (isPlainCharacter(character) && character != U'\t') {
            result += QString::fromUcs4(&character, 1);
        } else if (character > 0xffff) {
            result += QStringLiteral("\\U%1").arg(static_cast<quint32>(character), 8, 16,
                                                  QLatin1Char('0'));
        } else {
            result += QStringLiteral("\\u%1").arg(static_cast<quint32>(character), 4, 16,
                                                  QLatin1Char('0'));
        }
    }
    return result + u'"';
}

QString scalarText(const YamlNode &node) {
    if (node.kind == YamlNode::Kind::Null) {
        return u"null"_qs;
    }
    return node.quoted ? quoted(node.text) : node.text;
}

QString keyText(const QString &key) {
    return needsQuotes(key) ? quoted(key) : key;
}

// "[a, b]" when that is possible on a line; else nothing.
QString flowText(const YamlNode &list, int indent) {
    QStringList parts;
    qsizetype length = indent;
    for (const YamlNode &item : list.items) {
        if (item.kind == YamlNode::Kind::List || item.kind == YamlNode::Kind::Map) {
            return {};
        }
        parts.append(scalarText(item));
        length += parts.last().size() + 2;
        if (length > line_length_max) {
            return {};
        }
    }
    return u'[' + parts.join(u", ") + u']';
}

class Writer {
public:
    QByteArray take() { return out_.toUtf8(); }

    void block(const YamlNode &node, int indent) {
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const bool is_map = node.kind == YamlNode::Kind::Map;
            out_ += QString(indent, u' ');
            out_ += is_map ? QString(keyText(node.keys[static_cast<qsizetype>(i)]) + u':')
                           : QString(u'-');
            value(node.items[i], indent, is_map);
        }
    }

private:
    // What follows "key:" or "-". A map in a list begins on the dash's line.
    void value(const YamlNode &node, int indent, bool after_key) {
        const bool is_map = node.kind == YamlNode::Kind::Map;
        const bool is_list = node.kind == YamlNode::Kind::List;
        if (!is_map && !is_list) {
            out_ += u' ' + scalarText(node) + u'\n';
            return;
        }
        if (node.items.empty()) {
            out_ += is_map ? u" {}\n" : u" []\n";
            return;
        }
        const QString flow = is_list ? flowText(node, indent + 20) : QString();
        if (!flow.isEmpty()) {
            out_ += u' ' + flow + u'\n';
        } else if (after_key) {
            out_ += u'\n';
            block(node, indent + 2);
        } else {
            Writer inner;
            inner.block(node, indent + 2);
            out_ += u' ' + inner.out_.mid(indent + 2);
        }
    }

    QString out_;
};

} // namespace

YamlNode plain(const QString &text) {
    YamlNode node;
    node.kind = YamlNode::Kind::Scalar;
    node.text = text;
    return node;
}

YamlNode scalar(const QString &text) {
    YamlNode node = plain(text);
    node.quoted = needsQuotes(text);
    return node;
}

void put(YamlNode &map, const QString &key, YamlNode value) {
    map.kind = YamlNode::Kind::Map;
    map.keys.append(key);
    map.items.push_back(std::move(value));
}

YamlNode toYaml(const QJsonValue &value) {
    YamlNode node;
    switch (value.type()) {
    case QJsonValue::Bool:
        return plain(value.toBool() ? u"true"_qs : u"false"_qs);
    case QJsonValue::Double:
        if (const qint64 whole = value.toInteger(); QJsonValue(whole) == value) {
            return plain(QString::number(whole));
        }
        return plain(QString::number(value.toDouble(), 'g', QLocale::FloatingPointShortest));
    case QJsonValue::String:
        return scalar(value.toString());
    case QJsonValue::Array:
        node.kind = YamlNode::Kind::List;
        for (const QJsonValue &item : value.toArray()) {
            node.items.push_back(toYaml(item));
        }
        return node;
    case QJsonValue::Object: {
        node.kind = YamlNode::Kind::Map;
        const QJsonObject object = value.toObject();
        for (auto member = object.begin(); member != object.end(); ++member) {
            put(node, member.key(), toYaml(member.value()));
        }
        return node;
    }
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return node;
}

QByteArray writeYaml(const YamlNode &root) {
    Writer writer;
    writer.block(root, 0);
    return writer.take();
}

QString toLine(const YamlNode &node) {
    const bool is_map = node.kind == YamlNode::Kind::Map;
    if (!is_map && node.kind != YamlNode::Kind::List) {
        static const QRegularExpression flow(QStringLiteral("[,\\[\\]{}]"));
        return node.text.contains(flow) ? quoted(node.text) : scalarText(node);
    }
    QStringList items;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const QString key =
            is_map ? QString(keyText(node.keys[static_cast<qsizetype>(i)]) + u": ") : QString();
        items << key + toLine(node.items[i]);
    }
    const QString inside = items.join(u", "_qs);
    return is_map ? QString(u'{' + inside + u'}') : QString(u'[' + inside + u']');
}

} // namespace aviary::plans
