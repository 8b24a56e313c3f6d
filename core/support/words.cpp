// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr QChar no_break_space(0x00a0);

QString spoken(const char *text) {
    return QCoreApplication::translate("aviary::words", text);
}

QString number(double value, int decimals) {
    const QLocale locale;
    QString text = locale.toString(value, 'f', decimals);
    const QString point = locale.decimalPoint();
    if (text.contains(point)) {
        while (text.endsWith(locale.zeroDigit())) {
            text.chop(1);
        }
        if (text.endsWith(point)) {
            text.chop(static_cast<int>(point.size()));
        }
    }
    return text;
}

QString withUnit(const QString &amount, const QString &unit) {
    return amount + no_break_space + unit;
}

// A whole number of the largest unit that leaves at least one.
QString roughly(std::int64_t duration_ms) {
    const auto whole = [duration_ms](std::int64_t unit_ms) {
        return QLocale().toString((duration_ms + unit_ms / 2) / unit_ms);
    };
    if (duration_ms < minute_ms) {
        return withUnit(whole(second_ms), spoken(QT_TRANSLATE_NOOP("aviary::words", "s")));
    }
    if (duration_ms < 90 * minute_ms) {
        return withUnit(whole(minute_ms), spoken(QT_TRANSLATE_NOOP("aviary::words", "min")));
    }
    if (duration_ms < 36 * hour_ms) {
        return withUnit(whole(hour_ms), spoken(QT_TRANSLATE_NOOP("aviary::words", "h")));
    }
    return withUnit(whole(day_ms), spoken(QT_TRANSLATE_NOOP("aviary::words", "d")));
}

bool turnsDirection(char16_t c) {
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

} // namespace

QString percentText(int weight) {
    return rateText(weight / 10'000.0);
}

QString rateText(double share, int decimals) {
    return withUnit(number(share * 100, decimals), QLocale().percent());
}

QString countText(std::int64_t count) {
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString countedText(std::int64_t count, const QString &one, const QString &many) {
    return count == 1 ? one : many.arg(countText(count));
}

QString nodesText(std::int64_t count) {
    return countedText(count, spoken(QT_TRANSLATE_NOOP("aviary::words", "1 node")),
                       spoken(QT_TRANSLATE_NOOP("aviary::words", "%1 nodes")));
}

QString clockText(std::int64_t duration_ms) {
    const std::int64_t seconds = std::max<std::int64_t>(0, duration_ms) / second_ms;
    const QChar zero = u'0';
    const QString tail = QStringLiteral("%1").arg(seconds % 60, 2, 10, zero);
    if (seconds < 3'600) {
        return QStringLiteral("%1:%2").arg(seconds / 60).arg(tail);
    }
    return QStringLiteral("%1:%2:%3")
        .arg(seconds / 3'600)
        .arg(seconds / 60 % 60, 2, 10, zero)
        .arg(tail);
}

QString aboutText(std::int64_t duration_ms) {
    return u'~' + roughly(std::max<std::int64_t>(0, duration_ms));
}

QString ageText(std::int64_t age_ms) {
    if (age_ms < 10 * second_ms) {
        const double seconds = static_cast<double>(std::max<std::int64_t>(0, age_ms)) / second_ms;
        return withUnit(QLocale().toString(std::floor(seconds * 10) / 10, 'f', 1),
                        spoken(QT_TRANSLATE_NOOP("aviary::words", "s")));
    }
    return roughly(age_ms);
}

QString boundedText(const QString &text, int length_max) {
    QString out;
    out.reserve(std::min<qsizetype>(text.size(), length_max + 1));
    for (const QChar c : text) {
        if (out.size() >= length_max) {
            if (!out.isEmpty() && out.back().isHighSurrogate()) {
                out.chop(1);
            }
            return out + QChar(0x2026);
        }
        if (c == u'\n' || c == u'\t' || c == QChar::LineSeparator ||
            c == QChar::ParagraphSeparator) {
            out += u' ';
        } else if (c.category() != QChar::Other_Control && !turnsDirection(c.unicode())) {
            out += c;
        }
    }
    return out;
}

} // namespace aviary
