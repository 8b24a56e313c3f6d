// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/filter.h"

#include "core/api/words.h"

#include <algorithm>
#include <cmath>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

using Key = Filter::Key;
using Term = Filter::Term;
using Value = Filter::Value;

// Linear in both: after a star only the last one is tried again.
bool fitsPattern(QStringView text, QStringView pattern) {
    qsizetype t = 0, p = 0, star = -1, star_t = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            star_t = t;
        } else if (p < pattern.size() && (pattern[p] == u'?' || pattern[p] == text[t].toLower())) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++star_t;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*') {
        ++p;
    }
    return p == pattern.size();
}

bool fitsText(const Term &term, QStringView text) {
    return std::ranges::any_of(term.values, [text](const Value &value) {
        return value.kind == Value::Kind::Pattern
                   ? fitsPattern(text, value.text)
                   : text.compare(value.text, Qt::CaseInsensitive) == 0;
    });
}

bool fitsNumber(const Term &term, double number) {
    return std::ranges::any_of(term.values, [number](const Value &value) {
        switch (value.kind) {
        case Value::Kind::Below:
            return number < value.number;
        case Value::Kind::AtMost:
            return number <= value.number;
        case Value::Kind::Above:
            return number > value.number;
        case Value::Kind::AtLeast:
            return number >= value.number;
        default:
            return number == value.number;
        }
    });
}

double percentOf(qint64 used, qint64 capacity) {
    return capacity > 0 ? 100.0 * double(used) / double(capacity) : std::nan("");
}

bool hasFlag(const Term &term, const kernel::NodeFlags &flags) {
    return (flags.draining && fitsText(term, u"draining")) ||
           (flags.maintenance && fitsText(term, u"maintenance")) ||
           (flags.excluded && fitsText(term, u"excluded"));
}

bool hasLabel(const Term &term, const NodeRow &node) {
    return std::ranges::any_of(node.labels, [&term](const auto &label) {
        return label.first == term.label && fitsText(term, label.second);
    });
}

bool holdsText(const Term &term, const NodeRow &node) {
    const auto occurs = [&node](const Value &value) {
        return node.id.contains(value.text, Qt::CaseInsensitive) ||
               node.name.contains(value.text, Qt::CaseInsensitive) ||
               node.address.contains(value.text, Qt::CaseInsensitive) ||
               node.site.contains(value.text, Qt::CaseInsensitive);
    };
    return std::ranges::any_of(term.values, occurs);
}

bool fits(const Term &term, const NodeRow &node) {
    switch (term.key) {
    case Key::Text:
        return holdsText(term, node);
    case Key::Id:
        return fitsText(term, node.id);
    case Key::Name:
        return fitsText(term, node.name);
    case Key::Address:
        return fitsText(term, node.address);
    case Key::Site:
        return fitsText(term, node.site);
    case Key::Label:
        return hasLabel(term, node);
    case Key::Status:
        return fitsText(term, wordOf(node.status));
    case Key::Health:
        return fitsText(term, healthWord(node));
    case Key::Flag:
        return hasFlag(term, node.flags);
    case Key::Behind:
        return fitsNumber(term, node.behind);
    case Key::Instances:
        return fitsNumber(term, node.usage.services);
    case Key::Cpu:
        return fitsNumber(term, double(node.usage.cpu) / 10'000.0);
    case Key::Memory:
        return fitsNumber(term, percentOf(node.usage.memory_mib, node.capacity.memory_mib));
    case Key::Disk:
        return fitsNumber(term, percentOf(node.usage.disk_mib, node.capacity.disk_mib));
    default:
        return false;
    }
}

bool fits(const Term &term, const ServiceOnNode &service) {
    switch (term.key) {
    case Key::Service:
        return fitsText(term, service.service);
    case Key::Revision:
        return fitsText(term, service.revision);
    default:
        return fitsText(term, service.ready ? u"yes" : u"no");
    }
}

// One service fits all the positive terms; none with a fitting name fits a negated one.
bool fitServices(const std::vector<Term> &terms, const NodeRow &node) {
    const auto fitsAll = [&terms](const ServiceOnNode &service, auto counts) {
        return std::ranges::all_of(
            terms, [&](const Term &term) { return !counts(term) || fits(term, service); });
    };
    const auto positive = [](const Term &term) { return !term.negated; };
    const auto named = [](const Term &term) { return !term.negated && term.key == Key::Service; };
    const bool wants_one = std::ranges::any_of(terms, positive);
    bool has_one = false;
    for (const ServiceOnNode &service : node.services) {
        has_one = has_one || fitsAll(service, positive);
        if (!fitsAll(service, named)) {
            continue;
        }
        for (const Term &term : terms) {
            if (term.negated && fits(term, service)) {
                return false;
            }
        }
    }
    return has_one || !wants_one;
}

} // namespace

QString healthWord(const NodeRow &node) {
    if (node.heard_wall_ms == 0) {
        return u"unknown"_qs;
    }
    if (node.status != kernel::NodeStatus::Online) {
        return wordOf(node.status);
    }
    if (node.flapping) {
        return u"flapping"_qs;
    }
    const bool ready = std::ranges::all_of(node.services, &ServiceOnNode::ready);
    return ready ? u"healthy"_qs : u"failing"_qs;
}

bool Filter::holds(const Term &term, const NodeRow &node) {
    return fits(term, node) != term.negated;
}

bool Filter::servicesMatch(const NodeRow &node) const {
    return service_terms_.empty() || fitServices(service_terms_, node);
}

bool Filter::matches(const NodeRow &node) const {
    return std::ranges::all_of(terms_, [&node](const Term &term) { return holds(term, node); }) &&
           servicesMatch(node);
}

// ---- Reading

namespace {

struct Word {
    QLatin1StringView name;
    Key key;
};
constexpr std::array<Word, 15> key_words{{{"id"_L1, Key::Id},
                                          {"name"_L1, Key::Name},
                                          {"address"_L1, Key::Address},
                                          {"site"_L1, Key::Site},
                                          {"status"_L1, Key::Status},
                                          {"health"_L1, Key::Health},
                                          {"flag"_L1, Key::Flag},
                                          {"behind"_L1, Key::Behind},
                                          {"instances"_L1, Key::Instances},
                                          {"cpu"_L1, Key::Cpu},
                                          {"memory"_L1, Key::Memory},
                                          {"disk"_L1, Key::Disk},
                                          {"service"_L1, Key::Service},
                                          {"revision"_L1, Key::Revision},
                                          {"ready"_L1, Key::Ready}}};

bool isNumber(Key key) {
    return key >= Key::Behind && key <= Key::Disk;
}

QStringList allowedWords(Key key) {
    switch (key) {
    case Key::Status:
        return {u"online"_qs, u"degraded"_qs, u"offline"_qs};
    case Key::Health:
        return {u"healthy"_qs,  u"failing"_qs, u"flapping"_qs,
                u"degraded"_qs, u"offline"_qs, u"unknown"_qs};
    case Key::Flag:
        return {u"draining"_qs, u"maintenance"_qs, u"excluded"_qs};
    case Key::Ready:
        return {u"yes"_qs, u"no"_qs};
    default:
        return {};
    }
}

// Reads one term after another; `at_` is where it stands.
class Reader {
public:
    explicit Reader(const QString &text) : text_(text) {}

    bool more() {
        while (at_ < text_.size() && text_[at_].isSpace()) {
            ++at_;
        }
        return at_ < text_.size();
    }
    Result<Term> term();

private:
    tl::unexpected<Error> wrong(qsizetype at, const QString &what, const QString &remedy) const {
        return fail(ErrorCode::Invalid, what, u"character %1"_qs.arg(at + 1), remedy);
    }
    bool take(QChar c) {
        const bool there = at_ < text_.size() && text_[at_] == c;
        at_ += there ? 1 : 0;
        return there;
    }
    Result<Key> key(Term &term);
    Result<void> value(Term &term);
    Result<QString> word(bool &quoted);
    Result<Value> number(qsizetype at, QString text) const;

    const QString &text_;
    qsizetype at_ = 0;
};

Result<Term> Reader::term() {
    Term term;
    qsizetype colon = at_;
    while (colon < text_.size() && !text_[colon].isSpace() && text_[colon] != u':' &&
           text_[colon] != u'"') {
        ++colon;
    }
    if (colon >= text_.size() || text_[colon] != u':') {
        bool quoted = false;
        return word(quoted).map([&term](const QString &text) {
            term.values = {{Value::Kind::Equal, text.toLower(), 0}};
            return term;
        });
    }
    const QString name = text_.mid(at_, colon - at_).toLower();
    const auto found = std::ranges::find(key_words, name, &Word::name);
    if (name.startsWith(u"label.") && name.size() > 6) {
        term.key = Key::Label;
        term.label = text_.mid(at_ + 6, colon - at_ - 6);
    } else if (found != key_words.end()) {
        term.key = found->key;
    } else {
        return wrong(at_, u"there is no key \"%1\""_qs.arg(name.left(40)),
                     u"use one of "_qs + Filter::keys().join(u", "_qs) +
                         u", label.KEY; or put the text in quotes"_qs);
    }
    at_ = colon + 1;
    term.negated = take(u'!');
    do {
        if (const Result<void> read = value(term); !read) {
            return tl::unexpected<Error>(read.error());
        }
    } while (take(u','));
    return term;
}

Result<void> Reader::value(Term &term) {
    const qsizetype begin = at_;
    bool quoted = false;
    const Result<QString> text = word(quoted);
    if (!text) {
        return tl::unexpected<Error>(text.error());
    }
    if (text->isEmpty() && !quoted) {
        return wrong(begin, u"a value is missing"_qs, u"give one after the colon or comma"_qs);
    }
    if (isNumber(term.key)) {
        return number(begin, *text).map([&term](const Value &value) {
            term.values.push_back(value);
        });
    }
    const QStringList allowed = allowedWords(term.key);
    const QString lower = text->toLower();
    const bool pattern = !quoted && (lower.contains(u'*') || lower.contains(u'?'));
    if (!allowed.isEmpty() && !pattern && !allowed.contains(lower)) {
        return wrong(begin, u"\"%1\" is not known here"_qs.arg(text->left(40)),
                     u"use one of "_qs + allowed.join(u", "_qs));
    }
    term.values.push_back({pattern ? Value::Kind::Pattern : Value::Kind::Equal, lower, 0});
    return {};
}

Result<QString> Reader::word(bool &quoted) {
    const qsizetype begin = at_;
    quoted = take(u'"');
    QString word;
    while (at_ < text_.size()) {
        const QChar c = text_[at_];
        if (quoted ? c == u'"' : c.isSpace() || c == u',') {
            break;
        }
        at_ += quoted && c == u'\\' && at_ + 1 < text_.size() ? 1 : 0;
        word += text_[at_++];
    }
    if (quoted && !take(u'"')) {
        return wrong(begin, u"the quotes are not closed"_qs, u"put a \" at the end"_qs);
    }
    if (!quoted && word.isEmpty() && at_ < text_.size() && text_[at_] == u',' && begin == at_) {
        return wrong(begin, u"a value is missing before the comma"_qs, u"give one, or quote it"_qs);
    }
    return word;
}

Result<Value> Reader::number(qsizetype at, QString text) const {
    Value value;
    const std::array<std::pair<QLatin1StringView, Value::Kind>, 4> signs{
        {{">="_L1, Value::Kind::AtLeast},
         {"<="_L1, Value::Kind::AtMost},
         {">"_L1, Value::Kind::Above},
         {"<"_L1, Value::Kind::Below}}};
    for (const auto &[sign, kind] : signs) {
        if (text.startsWith(sign)) {
            value.kind = kind;
            text.remove(0, sign.size());
            break;
        }
    }
    text.remove(text.endsWith(u'%') ? text.size() - 1 : text.size(), 1);
    bool good = false;
    value.number = text.toDouble(&good);
    if (!good || !std::isfinite(value.number)) {
        return wrong(at, u"a number is expected"_qs, u"for example 3, >0 or <=20"_qs);
    }
    return value;
}

} // namespace

QStringList Filter::keys() {
    QStringList names;
    for (const Word &one : key_words) {
        names.append(one.name);
    }
    return names;
}

QStringList Filter::values(const QString &key) {
    const auto found = std::ranges::find(key_words, key, &Word::name);
    return found == key_words.end() ? QStringList() : allowedWords(found->key);
}

Result<Filter> Filter::parse(const QString &text) {
    if (text.size() > text_length_max) {
        return fail(ErrorCode::Invalid, u"the filter is longer than %1"_qs.arg(text_length_max),
                    u"character %1"_qs.arg(text_length_max + 1), u"shorten it"_qs);
    }
    Filter filter;
    Reader reader(text);
    for (int count = 0; reader.more(); ++count) {
        if (count == terms_max) {
            return fail(ErrorCode::Invalid, u"the filter has more than %1 terms"_qs.arg(terms_max),
                        {}, u"join values with commas"_qs);
        }
        Result<Term> term = reader.term();
        if (!term) {
            return tl::unexpected<Error>(term.error());
        }
        auto &list = term->key >= Key::Service ? filter.service_terms_ : filter.terms_;
        list.push_back(std::move(*term));
    }
    return filter;
}

} // namespace aviary::api
