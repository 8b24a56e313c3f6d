// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/foreign.h"

#include <QRegularExpression>

#include <array>
#include <cmath>

namespace aviary::plans {

namespace {

constexpr qsizetype brief_max = 60;

void appendBrief(const YamlNode &node, QString &text, int depth) {
    if (text.size() > brief_max) {
        return;
    }
    switch (node.kind) {
    case YamlNode::Kind::Null:
        text += u"null";
        break;
    case YamlNode::Kind::Scalar:
        text += node.text.left(brief_max + 1);
        break;
    case YamlNode::Kind::List:
    case YamlNode::Kind::Map: {
        const bool is_map = node.kind == YamlNode::Kind::Map;
        text += is_map ? u'{' : u'[';
        for (std::size_t i = 0; i < node.items.size() && text.size() <= brief_max; ++i) {
            text += i > 0 ? u", "_qs : QString();
            text += is_map ? QString(node.keys[qsizetype(i)].left(brief_max) + u": ") : QString();
            depth > 2 ? void(text += u"...") : appendBrief(node.items[i], text, depth + 1);
        }
        text += is_map ? u'}' : u']';
        break;
    }
    }
}

ForeignDuration within(double duration_ms) {
    const bool cut = duration_ms > static_cast<double>(kernel::duration_ms_max);
    return {cut ? kernel::duration_ms_max : static_cast<kernel::Millis>(duration_ms), cut};
}

} // namespace

QString briefText(const YamlNode &node) {
    QString text;
    appendBrief(node, text, 0);
    text.replace(u'\n', u' ');
    return text.size() > brief_max ? QString(text.left(brief_max) + u"...") : text;
}

void Findings::leave(const QString &path, const QString &what, const QString &why) {
    if (unmapped_.size() < listed_max) {
        unmapped_.push_back({path, what, why});
    } else {
        ++more_;
    }
}

void Findings::flaw(const YamlNode &node, const QString &path, const QString &what,
                    const QString &allowed) {
    if (flaws_.size() < listed_max) {
        flaws_.push_back(
            {path.split(u'.'), QString(path + u' ' + what), allowed, node.line, node.column});
    }
}

std::vector<Unmapped> Findings::takeUnmapped() {
    if (more_ > 0) {
        unmapped_.push_back({{}, QStringLiteral("%1 more").arg(more_), u"too many to list"_qs});
        more_ = 0;
    }
    return std::exchange(unmapped_, {});
}

ForeignMap::ForeignMap(const YamlNode *node, QString path, Findings &findings)
    : node_(node), path_(std::move(path)), findings_(&findings) {
    if (node_ && node_->kind != YamlNode::Kind::Map) {
        findings_->flaw(*node_, path_, u"is no map"_qs, u"members with names"_qs);
        node_ = nullptr;
    }
}

QString ForeignMap::pathOf(const QString &key) const {
    return path_.isEmpty() ? key : QString(path_ + u'.' + key);
}

const YamlNode *ForeignMap::take(const QString &key) {
    taken_.append(key);
    const YamlNode *found = node_ ? node_->find(key) : nullptr;
    return found && found->kind != YamlNode::Kind::Null ? found : nullptr;
}

ForeignMap ForeignMap::map(const QString &key) {
    return {take(key), pathOf(key), *findings_};
}

std::vector<ForeignMap> ForeignMap::maps(const QString &key) {
    std::vector<ForeignMap> all;
    const YamlNode *list = take(key);
    if (list && list->kind != YamlNode::Kind::List) {
        flaw(key, u"is no list"_qs, u"a list of maps"_qs);
        return all;
    }
    for (std::size_t i = 0; list && i < list->items.size(); ++i) {
        all.emplace_back(&list->items[i], QStringLiteral("%1[%2]").arg(pathOf(key)).arg(i),
                         *findings_);
    }
    return all;
}

QString ForeignMap::text(const QString &key) {
    const YamlNode *found = take(key);
    if (found && found->kind != YamlNode::Kind::Scalar) {
        flaw(key, u"is no text"_qs, u"a text"_qs);
        return {};
    }
    return found ? found->text : QString();
}

std::optional<qint64> ForeignMap::count(const QString &key, qint64 max) {
    const YamlNode *found = take(key);
    if (!found) {
        return std::nullopt;
    }
    const auto value = countFromText(found->kind == YamlNode::Kind::Scalar ? found->text : u"?"_qs);
    if (!value || *value > static_cast<std::uint64_t>(max)) {
        flaw(key, QStringLiteral("is \"%1\"").arg(briefText(*found)),
             QStringLiteral("a whole number from 0 to %1").arg(max));
        return std::nullopt;
    }
    return static_cast<qint64>(*value);
}

std::optional<bool> ForeignMap::boolean(const QString &key) {
    const YamlNode *found = take(key);
    if (!found) {
        return std::nullopt;
    }
    if (found->quoted || (found->text != u"true" && found->text != u"false")) {
        flaw(key, QStringLiteral("is \"%1\"").arg(briefText(*found)), u"true or false"_qs);
        return std::nullopt;
    }
    return found->text == u"true";
}

void ForeignMap::leave(const QString &key, const QString &why) {
    if (const YamlNode *found = take(key); found) {
        findings_->leave(pathOf(key), briefText(*found), why);
    }
}

void ForeignMap::note(const QString &key, const QString &why) {
    const YamlNode *found = node_ ? node_->find(key) : nullptr;
    findings_->leave(pathOf(key), found ? briefText(*found) : u"absent"_qs, why);
}

void ForeignMap::flaw(const QString &key, const QString &what, const QString &allowed) {
    static const YamlNode nowhere;
    const YamlNode *found = node_ ? node_->find(key) : nullptr;
    findings_->flaw(found ? *found : node_ ? *node_ : nowhere, pathOf(key), what, allowed);
}

void ForeignMap::finish(const QString &why) {
    for (qsizetype i = 0; node_ && i < node_->keys.size(); ++i) {
        if (!taken_.contains(node_->keys[i])) {
            findings_->leave(pathOf(node_->keys[i]),
                             briefText(node_->items[static_cast<std::size_t>(i)]), why);
        }
    }
}

// The grammar of Go's time.ParseDuration, without signs.
Result<ForeignDuration> goDuration(const QString &text) {
    static const QRegularExpression form(
        QStringLiteral("^(?:[0-9]{1,18}(?:\\.[0-9]{0,9})?(?:ns|us|µs|ms|s|m|h))+$"));
    static const QRegularExpression part(QStringLiteral("([0-9.]+)(ns|us|µs|ms|s|m|h)"));
    static const std::array<std::pair<QLatin1StringView, double>, 6> units = {
        {{QLatin1StringView("ns"), 1e-6},
         {QLatin1StringView("us"), 1e-3},
         {QLatin1StringView("ms"), 1.0},
         {QLatin1StringView("s"), 1e3},
         {QLatin1StringView("m"), 6e4},
         {QLatin1StringView("h"), 3.6e6}}};
    if (text.size() > brief_max || (text != u"0" && !form.match(text).hasMatch())) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("\"%1\" is not understood").arg(text.left(40)), {},
                    u"a time such as 90s, 10m or 1h30m"_qs);
    }
    double sum_ms = 0.0;
    for (auto it = part.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch one = it.next();
        double unit_ms = 1e-3; // µs
        for (const auto &[name, value] : units) {
            unit_ms = one.captured(2) == name ? value : unit_ms;
        }
        sum_ms += one.captured(1).toDouble() * unit_ms;
    }
    return within(std::ceil(sum_ms));
}

ForeignDuration ofSeconds(qint64 seconds) {
    return within(static_cast<double>(seconds) * 1e3);
}

ForeignDuration ofNanoseconds(qint64 nanoseconds) {
    return within(std::ceil(static_cast<double>(nanoseconds) / 1e6));
}

} // namespace aviary::plans
