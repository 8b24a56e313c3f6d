// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/yaml.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QStringDecoder>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace aviary::plans {

namespace {

// Thrown by the handler to leave yaml-cpp's parser; never leaves this file.
struct Refusal {
    int line;
    int column;
    QString what;
    QString remedy;
};

// Builds the tree from yaml-cpp's events.
class TreeBuilder : public YAML::EventHandler {
public:
    TreeBuilder(const YamlLimits &limits, std::size_t documents_max)
        : limits_(limits), documents_max_(documents_max) {}

    std::vector<YamlNode> take() { return std::move(roots_); }

    void OnDocumentStart(const YAML::Mark &mark) override {
        if (roots_.size() >= documents_max_) {
            refuse(mark,
                   documents_max_ == 1 ? u"a second document begins"_qs
                                       : u"there are too many documents"_qs,
                   documents_max_ == 1 ? u"one document in a file"_qs
                                       : QStringLiteral("at most %1").arg(documents_max_));
        }
        roots_.emplace_back();
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t) override {
        add(mark, YamlNode::Kind::Null, {}, false);
    }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override { refuseAnchor(mark); }
    void OnAnchor(const YAML::Mark &mark, const std::string &) override { refuseAnchor(mark); }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                  const std::string &value) override {
        refuseTag(mark, tag);
        const bool quoted = tag == "!";
        const bool is_null = !quoted && (value.empty() || value == "~" || value == "null");
        add(mark, is_null ? YamlNode::Kind::Null : YamlNode::Kind::Scalar,
            QString::fromStdString(value), quoted);
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        refuseTag(mark, tag);
        open(mark, YamlNode::Kind::List);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        refuseTag(mark, tag);
        open(mark, YamlNode::Kind::Map);
    }
    void OnMapEnd() override { close(); }

private:
    // A map or list that is being filled.
    struct Open {
        YamlNode node;
        QSet<QString> seen;
        bool key_waits = false; // the last key has no value yet
    };

    [[noreturn]] static void refuse(const YAML::Mark &mark, const QString &what,
                                    const QString &remedy) {
        throw Refusal{mark.line + 1, mark.column + 1, what, remedy};
    }
    [[noreturn]] static void refuseAnchor(const YAML::Mark &mark) {
        refuse(mark, u"anchors and aliases are not accepted"_qs, u"write the value out"_qs);
    }
    static void refuseTag(const YAML::Mark &mark, const std::string &tag) {
        if (!tag.empty() && tag != "?" && tag != "!") {
            refuse(mark, u"tags are not accepted"_qs, u"leave the tag out"_qs);
        }
    }
    void count(const YAML::Mark &mark) {
        if (++nodes_ > limits_.nodes_max) {
            refuse(mark, u"the document has too many values"_qs,
                   QStringLiteral("at most %1").arg(limits_.nodes_max));
        }
    }
    void add(const YAML::Mark &mark, YamlNode::Kind kind, const QString &text, bool quoted) {
        count(mark);
        if (!open_.empty() && open_.back().node.kind == YamlNode::Kind::Map &&
            !open_.back().key_waits) {
            addKey(mark, text);
            return;
        }
        YamlNode node;
        node.kind = kind;
        node.quoted = quoted;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        node.text = text;
        place(std::move(node));
    }
    void addKey(const YAML::Mark &mark, const QString &key) {
        Open &map = open_.back();
        if (map.seen.contains(key)) {
            refuse(mark, QStringLiteral("the key \"%1\" is given twice").arg(key.left(60)),
                   u"each key once"_qs);
        }
        map.seen.insert(key);
        map.node.keys.append(key);
        map.key_waits = true;
    }
    void open(const YAML::Mark &mark, YamlNode::Kind kind) {
        count(mark);
        if (static_cast<int>(open_.size()) >= limits_.depth_max) {
            refuse(mark, u"the document is nested too deeply"_qs,
                   QStringLiteral("at most %1 levels").arg(limits_.depth_max));
        }
        if (!open_.empty() && open_.back().node.kind == YamlNode::Kind::Map &&
            !open_.back().key_waits) {
            refuse(mark, u"a key is a list or a map"_qs, u"a text as key"_qs);
        }
        Open &opened = open_.emplace_back();
        opened.node.kind = kind;
        opened.node.line = mark.line + 1;
        opened.node.column = mark.column + 1;
    }
    void close() {
        YamlNode node = std::move(open_.back().node);
        open_.pop_back();
        place(std::move(node));
    }
    void place(YamlNode node) {
        if (open_.empty()) {
            roots_.back() = std::move(node);
            return;
        }
        open_.back().node.items.push_back(std::move(node));
        open_.back().key_waits = false;
    }

    YamlLimits limits_;
    std::size_t documents_max_;
    std::vector<YamlNode> roots_; // one for each document that began
    std::vector<Open> open_;
    int nodes_ = 0;
};

QString placed(const QString &where, int line, int column) {
    const QString place = QStringLiteral("%1:%2").arg(line).arg(column);
    return where.isEmpty() ? place : QString(where + u':' + place);
}

Result<void> checkText(const QByteArray &text, const QString &where, const YamlLimits &limits) {
    if (text.size() > limits.bytes_max) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("the document has %1 bytes").arg(text.size()), where,
                    QStringLiteral("at most %1 bytes").arg(limits.bytes_max));
    }
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString decoded = decoder(text);
    if (decoder.hasError() || decoded.contains(QChar(0))) {
        return fail(ErrorCode::Invalid, u"the document is no UTF-8 text"_qs, where,
                    u"save it as UTF-8"_qs);
    }
    return {};
}

} // namespace

const YamlNode *YamlNode::find(const QString &key) const {
    const qsizetype at = kind == Kind::Map ? keys.indexOf(key) : -1;
    return at < 0 ? nullptr : &items[static_cast<std::size_t>(at)];
}

Result<YamlNode> readYaml(const QByteArray &text, const QString &where, const YamlLimits &limits) {
    auto documents = readYamlDocuments(text, where, limits, 1);
    if (!documents) {
        return tl::unexpected(documents.error());
    }
    return std::move(documents->front());
}

Result<std::vector<YamlNode>> readYamlDocuments(const QByteArray &text, const QString &where,
                                                const YamlLimits &limits,
                                                std::size_t documents_max) {
    if (const Result<void> sound = checkText(text, where, limits); !sound) {
        return tl::unexpected(sound.error());
    }
    TreeBuilder builder(limits, documents_max);
    try {
        std::istringstream stream(text.toStdString());
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Refusal &refusal) {
        return fail(ErrorCode::Invalid, refusal.what, placed(where, refusal.line, refusal.column),
                    refusal.remedy);
    } catch (const YAML::Exception &exception) {
        return fail(ErrorCode::Invalid,
                    u"this is no YAML: "_qs + QString::fromStdString(exception.msg),
                    placed(where, exception.mark.line + 1, exception.mark.column + 1));
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Invalid,
                    u"this cannot be read: "_qs + QString::fromUtf8(exception.what()), where);
    }
    std::vector<YamlNode> documents = builder.take();
    if (documents.empty()) {
        return fail(ErrorCode::Invalid, u"the document is empty"_qs, where);
    }
    return documents;
}

const YamlNode &nodeAt(const YamlNode &root, const QString &field) {
    static const QRegularExpression steps(QStringLiteral("([^.\\[\\]]+)|\\[(\\d{1,9})\\]"));
    const YamlNode *node = &root;
    for (auto it = steps.globalMatch(field); it.hasNext();) {
        const QRegularExpressionMatch step = it.next();
        const YamlNode *next = nullptr;
        if (step.capturedLength(2) > 0) {
            const auto index = static_cast<std::size_t>(step.captured(2).toUInt());
            const bool there = node->kind == YamlNode::Kind::List && index < node->items.size();
            next = there ? &node->items[index] : nullptr;
        } else {
            next = node->find(step.captured(1));
        }
        if (!next) {
            break;
        }
        node = next;
    }
    return *node;
}

QJsonValue toJson(const YamlNode &node) {
    switch (node.kind) {
    case YamlNode::Kind::Null:
        return QJsonValue::Null;
    case YamlNode::Kind::List: {
        QJsonArray list;
        for (const YamlNode &item : node.items) {
            list.append(toJson(item));
        }
        return list;
    }
    case YamlNode::Kind::Map: {
        QJsonObject object;
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            object.insert(node.keys[static_cast<qsizetype>(i)], toJson(node.items[i]));
        }
        return object;
    }
    case YamlNode::Kind::Scalar:
        break;
    }
    if (node.quoted) {
        return node.text;
    }
    if (node.text == u"true" || node.text == u"false") {
        return node.text == u"true";
    }
    static const QRegularExpression number(
        QStringLiteral("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?$"));
    if (!number.match(node.text).hasMatch()) {
        return node.text;
    }
    bool fits = false;
    if (const qint64 whole = node.text.toLongLong(&fits); fits) {
        return whole;
    }
    const double real = node.text.toDouble(&fits);
    return fits ? QJsonValue(real) : QJsonValue(node.text);
}

} // namespace aviary::plans
