// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/documentedit.h"

#include <optional>

namespace aviary::plans {

using namespace Qt::Literals;

namespace {

// The same values, wherever they stand and however they are quoted where that means nothing.
bool same(const YamlNode &a, const YamlNode &b) {
    if (a.kind != b.kind || a.text != b.text || a.keys.size() != b.keys.size() ||
        a.items.size() != b.items.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        const bool map = a.kind == YamlNode::Kind::Map;
        const auto key = static_cast<qsizetype>(i);
        const YamlNode *other = map ? b.find(a.keys[key]) : &b.items[i];
        if (!other || !same(a.items[i], *other)) {
            return false;
        }
    }
    return true;
}

void setIn(YamlNode &map, const QStringList &path, const YamlNode *value) {
    const QString &key = path.first();
    if (map.kind != YamlNode::Kind::Map) {
        YamlNode fresh;
        fresh.kind = YamlNode::Kind::Map;
        if (map.kind == YamlNode::Kind::Scalar) {
            put(fresh, u"kind"_qs, map);
        }
        map = fresh;
    }
    const qsizetype at = map.keys.indexOf(key);
    if (path.size() == 1 && !value) {
        if (at >= 0) {
            map.keys.removeAt(at);
            map.items.erase(map.items.begin() + at);
        }
        return;
    }
    if (at < 0 && !value) {
        return;
    }
    if (at < 0) {
        put(map, key, {});
    }
    YamlNode &member = at < 0 ? map.items.back() : map.items[static_cast<std::size_t>(at)];
    if (path.size() == 1) {
        member = *value;
    } else {
        setIn(member, path.mid(1), value);
    }
}

int lastLineOf(const YamlNode &node) {
    int last = node.line;
    for (const YamlNode &item : node.items) {
        last = std::max(last, lastLineOf(item));
    }
    return last;
}

// Edits lines; each edit answers whether it found its place.
class Lines {
public:
    explicit Lines(const QByteArray &text) : lines_(QString::fromUtf8(text).split(u'\n')) {}

    QByteArray text() const { return lines_.join(u'\n').toUtf8(); }

    bool replace(const YamlNode &node, const QString &value) {
        const auto end = endOf(node);
        if (!end) {
            return false;
        }
        QString &line = lines_[node.line - 1];
        line = line.left(node.column - 1) + value + line.mid(*end);
        return true;
    }
    // The line of a member whose value stands on it.
    bool removeMember(const YamlNode &node, const QString &key) {
        const auto end = endOf(node);
        const QString before = end ? lines_[node.line - 1].left(node.column - 1).trimmed() : key;
        if (!end || before != key + u':') {
            return false;
        }
        lines_.removeAt(node.line - 1);
        return true;
    }
    bool append(const YamlNode &map, const QString &key, const QString &value) {
        if (isFlow(map)) {
            const auto end = endOf(map);
            if (!end) {
                return false;
            }
            QString &line = lines_[map.line - 1];
            const QString comma = map.items.empty() ? QString() : u", "_qs;
            line.insert(*end - 1, comma + key + u": " + value);
            return true;
        }
        const int after = lastLineOf(map);
        if (map.line < 1 || after > lines_.size()) {
            return false;
        }
        lines_.insert(after, QString(map.column - 1, u' ') + key + u": " + value);
        return true;
    }

private:
    bool isFlow(const YamlNode &node) const {
        return node.line >= 1 && node.line <= lines_.size() &&
               node.column <= lines_[node.line - 1].size() && node.column >= 1 &&
               u"[{"_qs.contains(lines_[node.line - 1][node.column - 1]);
    }
    // Behind the value, on its own line; none when it goes on below, or cannot be told.
    std::optional<qsizetype> endOf(const YamlNode &node) const {
        if (node.line < 1 || node.line > lines_.size() || node.column < 1 ||
            node.column > lines_[node.line - 1].size()) {
            return std::nullopt;
        }
        const QString &line = lines_[node.line - 1];
        const qsizetype begin = node.column - 1;
        const bool flow = isFlow(node);
        if (!flow && node.kind != YamlNode::Kind::Scalar) {
            return std::nullopt;
        }
        if (flow || node.quoted) {
            return closing(line, begin);
        }
        const qsizetype end = begin + node.text.size();
        return line.mid(begin, node.text.size()) == node.text ? std::optional(end) : std::nullopt;
    }
    static std::optional<qsizetype> closing(const QString &line, qsizetype begin) {
        int depth = 0;
        QChar quote;
        for (qsizetype i = begin; i < line.size(); ++i) {
            const QChar c = line[i];
            if (!quote.isNull()) {
                if (c == u'\\' && quote == u'"') {
                    ++i;
                } else if (c == quote) {
                    quote = {};
                }
            } else if (c == u'"' || c == u'\'') {
                quote = c;
            } else if (c == u'[' || c == u'{') {
                ++depth;
            } else if (c == u']' || c == u'}') {
                --depth;
            }
            if (depth == 0 && quote.isNull()) {
                return i + 1;
            }
        }
        return std::nullopt;
    }

    QStringList lines_;
};

const YamlNode *find(const YamlNode &root, const QStringList &path) {
    const YamlNode *node = &root;
    for (const QString &key : path) {
        node = node->kind == YamlNode::Kind::Map ? node->find(key) : nullptr;
        if (!node) {
            return nullptr;
        }
    }
    return node;
}

// One way of editing in place; whether it led to what was wanted is for the caller to see.
std::optional<QByteArray> inPlace(const QByteArray &text, const YamlNode &root,
                                  const QStringList &path, const QString &value) {
    Lines lines(text);
    const QString &key = path.last();
    const YamlNode *node = find(root, path);
    bool done = false;
    if (node) {
        done = value.isEmpty() ? lines.removeMember(*node, key) : lines.replace(*node, value);
    } else if (path.size() == 1) {
        done = lines.append(root, key, value);
    } else {
        const QStringList above = path.mid(0, path.size() - 1);
        const YamlNode *parent = find(root, above);
        if (!parent) {
            return inPlace(text, root, above, u'{' + key + u": " + value + u'}');
        }
        done = parent->kind == YamlNode::Kind::Map
                   ? lines.append(*parent, key, value)
                   : lines.replace(*parent,
                                   u"{kind: " + parent->text + u", " + key + u": " + value + u'}');
    }
    return done ? std::optional(lines.text()) : std::nullopt;
}

} // namespace

Result<QByteArray> withMember(const QByteArray &text, const QStringList &path,
                              const QString &value) {
    auto root = readYaml(text);
    if (!root) {
        return tl::unexpected(root.error());
    }
    YamlNode wanted = *root;
    if (value.isEmpty()) { // no value, and no document either: the member goes
        if (!find(*root, path)) {
            return text;
        }
        setIn(wanted, path, nullptr);
    } else {
        const auto given = readYaml(value.toUtf8());
        if (!given) {
            return tl::unexpected(given.error());
        }
        setIn(wanted, path, &*given);
    }
    if (const auto edited = inPlace(text, *root, path, value)) {
        const auto got = readYaml(*edited);
        if (got && same(*got, wanted)) {
            return *edited;
        }
    }
    return writeYaml(wanted);
}

QString memberText(const YamlNode &root, const QStringList &path) {
    const YamlNode *node = find(root, path);
    if (!node) {
        return {};
    }
    if (node->kind == YamlNode::Kind::List) {
        QStringList items;
        for (const YamlNode &item : node->items) {
            items << item.text;
        }
        return items.join(u", "_qs);
    }
    const YamlNode *kind = node->kind == YamlNode::Kind::Map ? node->find(u"kind"_qs) : node;
    return kind ? kind->text : QString();
}

} // namespace aviary::plans
