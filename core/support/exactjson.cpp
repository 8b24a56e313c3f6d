// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/exactjson.h"

#include <QCborArray>
#include <QStringDecoder>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>

namespace aviary {
namespace {

constexpr qsizetype number_length_max = 400;

class Reader {
public:
    Reader(const QByteArray &text, const QString &where, const JsonLimits &limits)
        : text_(text), where_(where), limits_(limits) {}

    Result<QCborValue> document() {
        if (text_.size() > limits_.bytes_max) {
            return wrong(QStringLiteral("the document has %1 bytes").arg(text_.size()),
                         QStringLiteral("give at most %1").arg(limits_.bytes_max));
        }
        auto value = readValue(0);
        if (!value) {
            return value;
        }
        skipBlanks();
        if (at_ < text_.size()) {
            return wrong(QStringLiteral("there is text after the end of the document"));
        }
        return value;
    }

    // Looks for `path` while reading; the last line reached on the way to it.
    void seek(const QStringList &path) { path_ = path; }
    int lineFound() const { return line_found_; }

private:
    tl::unexpected<Error> wrong(const QString &what, const QString &remedy = {}) const {
        const qsizetype begin = at_ == 0 ? -1 : text_.lastIndexOf('\n', at_ - 1);
        const QString place = QStringLiteral("%1:%2").arg(line()).arg(at_ - begin);
        const QString full = where_.isEmpty() ? place : QStringLiteral("%1:%2").arg(where_, place);
        return fail(ErrorCode::Invalid, what, full, remedy);
    }

    int line() const {
        const QByteArrayView before(text_.constData(), qMin(at_, text_.size()));
        return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    }

    void skipBlanks() {
        while (at_ < text_.size() && QByteArrayView(" \t\r\n").contains(text_[at_])) {
            ++at_;
        }
    }

    bool take(char expected) {
        skipBlanks();
        if (at_ < text_.size() && text_[at_] == expected) {
            ++at_;
            return true;
        }
        return false;
    }

    bool takeWord(QByteArrayView word) {
        if (QByteArrayView(text_).sliced(at_).startsWith(word)) {
            at_ += word.size();
            return true;
        }
        return false;
    }

    Result<QCborValue> readValue(int depth) {
        skipBlanks();
        if (at_ >= text_.size()) {
            return wrong(QStringLiteral("the document ends too early"));
        }
        switch (text_[at_]) {
        case '{':
            return readObject(depth + 1);
        case '[':
            return readArray(depth + 1);
        case '"': {
            auto text = readString();
            return text ? Result<QCborValue>(QCborValue(*text)) : tl::unexpected(text.error());
        }
        default:
            return readScalar();
        }
    }

    Result<QCborValue> readScalar() {
        if (takeWord("true")) {
            return QCborValue(true);
        }
        if (takeWord("false")) {
            return QCborValue(false);
        }
        if (takeWord("null")) {
            return QCborValue(nullptr);
        }
        return readNumber();
    }

    Result<QCborValue> readObject(int depth) {
        if (depth > limits_.depth_max) {
            return tooDeep();
        }
        ++at_;
        std::map<QString, QCborValue> members;
        if (!take('}')) {
            do {
                if (auto read = readMember(depth, members); !read) {
                    return tl::unexpected(read.error());
                }
            } while (take(','));
            if (!take('}')) {
                return wrong(QStringLiteral("expected , or } in the object"));
            }
        }
        QCborMap map;
        for (const auto &[key, value] : members) {
            map.insert(key, value);
        }
        return QCborValue(map);
    }

    Result<void> readMember(int depth, std::map<QString, QCborValue> &members) {
        skipBlanks();
        if (at_ >= text_.size() || text_[at_] != '"') {
            return wrong(QStringLiteral("expected a key in double quotes"));
        }
        const auto key = readString();
        if (!key) {
            return tl::unexpected(key.error());
        }
        if (members.contains(*key)) {
            return wrong(QStringLiteral("the key \"%1\" is given twice").arg(key->left(80)),
                         QStringLiteral("keep one of them"));
        }
        if (static_cast<qsizetype>(members.size()) >= limits_.members_max) {
            return wrong(
                QStringLiteral("an object has more than %1 members").arg(limits_.members_max));
        }
        if (!take(':')) {
            return wrong(QStringLiteral("expected : after the key"));
        }
        auto value = readAt(*key, depth);
        if (!value) {
            return tl::unexpected(value.error());
        }
        members.emplace(*key, *value);
        return {};
    }

    Result<QCborValue> readArray(int depth) {
        if (depth > limits_.depth_max) {
            return tooDeep();
        }
        ++at_;
        QCborArray array;
        if (take(']')) {
            return QCborValue(array);
        }
        do {
            auto value = readAt(QString::number(array.size()), depth);
            if (!value) {
                return value;
            }
            array.append(*value);
        } while (take(','));
        return take(']') ? Result<QCborValue>(QCborValue(array))
                         : wrong(QStringLiteral("expected , or ] in the list"));
    }

    // Reads the member called `name` of the value at `depth`, and remembers its line when it lies
    // on the path sought.
    Result<QCborValue> readAt(const QString &name, int depth) {
        skipBlanks();
        const bool on_path =
            reached_ == depth - 1 && depth <= path_.size() && path_[depth - 1] == name;
        if (on_path) {
            reached_ = depth;
            line_found_ = line();
        }
        auto value = readValue(depth);
        if (on_path) {
            reached_ = -1; // what comes later cannot lie on the path
        }
        return value;
    }

    tl::unexpected<Error> tooDeep() const {
        return wrong(QStringLiteral("values are nested more than %1 deep").arg(limits_.depth_max));
    }

    Result<QString> readString() {
        ++at_;
        QByteArray bytes;
        while (at_ < text_.size() && text_[at_] != '"') {
            const char c = text_[at_];
            if (static_cast<unsigned char>(c) < 0x20) {
                return wrong(QStringLiteral("a control character stands in a string"),
                             QStringLiteral("write it as an escape, such as \\n"));
            }
            if (c != '\\') {
                bytes.append(c);
                ++at_;
            } else if (auto escape = readEscape(bytes); !escape) {
                return tl::unexpected(escape.error());
            }
        }
        if (at_ >= text_.size()) {
            return wrong(QStringLiteral("a string has no end"));
        }
        ++at_;
        QStringDecoder decode(QStringDecoder::Utf8);
        const QString text = decode(bytes);
        if (decode.hasError()) {
            return wrong(QStringLiteral("a string is not valid UTF-8"));
        }
        return text;
    }

    Result<void> readEscape(QByteArray &bytes) {
        static constexpr QByteArrayView letters = "\"\\/bfnrt";
        static constexpr QByteArrayView meanings = "\"\\/\b\f\n\r\t";
        ++at_;
        const char letter = at_ < text_.size() ? text_[at_] : '\0';
        if (const qsizetype known = letters.indexOf(letter); known >= 0 && letter != '\0') {
            bytes.append(meanings[known]);
            ++at_;
            return {};
        }
        return letter == 'u' ? readCodePoint(bytes) : wrong(QStringLiteral("unknown escape"));
    }

    Result<void> readCodePoint(QByteArray &bytes) {
        const auto first = readUnit();
        if (!first) {
            return wrong(QStringLiteral("expected four hexadecimal digits after \\u"));
        }
        char32_t point = *first;
        if (QChar::isHighSurrogate(point)) {
            const auto second = takeWord("\\") ? readUnit() : std::nullopt;
            if (!second || !QChar::isLowSurrogate(*second)) {
                return wrong(QStringLiteral("half of a surrogate pair stands alone"));
            }
            point = QChar::surrogateToUcs4(static_cast<char16_t>(point),
                                           static_cast<char16_t>(*second));
        } else if (QChar::isLowSurrogate(point)) {
            return wrong(QStringLiteral("half of a surrogate pair stands alone"));
        }
        bytes.append(QString::fromUcs4(&point, 1).toUtf8());
        return {};
    }

    // Four hexadecimal digits after the u that at_ stands on.
    std::optional<char32_t> readUnit() {
        const QByteArray digits = text_.mid(at_ + 1, 4);
        bool right = digits.size() == 4 && std::all_of(digits.begin(), digits.end(), [](char c) {
                         return std::isxdigit(static_cast<unsigned char>(c)) != 0;
                     });
        if (!right || text_[at_] != 'u') {
            return std::nullopt;
        }
        at_ += 5;
        return static_cast<char32_t>(digits.toUInt(&right, 16));
    }

    qsizetype digitsFrom(qsizetype from) const {
        qsizetype end = from;
        while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9') {
            ++end;
        }
        return end - from;
    }

    Result<QCborValue> readNumber() {
        const qsizetype begin = at_;
        qsizetype end = begin + (text_[begin] == '-' ? 1 : 0);
        const qsizetype whole = digitsFrom(end);
        if (whole == 0 || (whole > 1 && text_[end] == '0')) {
            return wrong(QStringLiteral("expected a value"));
        }
        end += whole;
        bool integer = true;
        if (end < text_.size() && text_[end] == '.') {
            const qsizetype fraction = digitsFrom(end + 1);
            if (fraction == 0) {
                return wrong(QStringLiteral("expected digits after the decimal point"));
            }
            end += 1 + fraction;
            integer = false;
        }
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            ++end;
            end += end < text_.size() && (text_[end] == '+' || text_[end] == '-') ? 1 : 0;
            const qsizetype exponent = digitsFrom(end);
            if (exponent == 0) {
                return wrong(QStringLiteral("expected digits in the exponent"));
            }
            end += exponent;
            integer = false;
        }
        return numberOf(text_.mid(begin, end - begin), integer);
    }

    Result<QCborValue> numberOf(const QByteArray &digits, bool integer) {
        if (digits.size() > number_length_max) {
            return wrong(QStringLiteral("a number has more than %1 digits").arg(number_length_max));
        }
        bool fits = false;
        if (integer) {
            const qint64 number = digits.toLongLong(&fits);
            at_ += digits.size();
            return fits ? QCborValue(number) : QCborValue(huge_integer_tag, QCborValue(digits));
        }
        const double number = digits.toDouble(&fits);
        if (!fits || !std::isfinite(number)) {
            return wrong(QStringLiteral("a number is too large"));
        }
        at_ += digits.size();
        return QCborValue(number);
    }

    const QByteArray &text_;
    QString where_;
    JsonLimits limits_;
    qsizetype at_ = 0;
    QStringList path_;
    qsizetype reached_ = 0;
    int line_found_ = 1;
};

} // namespace

Result<QCborValue> readJson(const QByteArray &text, const QString &where,
                            const JsonLimits &limits) {
    return Reader(text, where, limits).document();
}

int lineOf(const QByteArray &text, const QStringList &path) {
    Reader reader(text, {}, {});
    reader.seek(path);
    static_cast<void>(reader.document());
    return reader.lineFound();
}

} // namespace aviary
