// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/units.h"

#include <QRegularExpression>

#include <array>
#include <limits>

namespace aviary::plans {

namespace {

struct Quantity {
    QString number; // "-12.5"
    QString unit;   // "%"
};

std::optional<Quantity> split(const QString &text) {
    static const QRegularExpression form(
        QStringLiteral("^\\s*([-+]?[0-9]{1,30}(?:\\.[0-9]{1,30})?)\\s*([a-zA-Z%]{0,8})\\s*$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    return Quantity{match.captured(1), match.captured(2)};
}

// number * 10^places as a whole; none when it is not whole or does not fit.
std::optional<qint64> scaled(const QString &number, int places) {
    const QStringList parts = number.split(u'.');
    QString fraction = parts.size() > 1 ? parts[1] : QString();
    while (fraction.endsWith(u'0')) {
        fraction.chop(1);
    }
    if (fraction.size() > places) {
        return std::nullopt;
    }
    bool fits = false;
    const qint64 value = QString(parts[0] + fraction.leftJustified(places, u'0')).toLongLong(&fits);
    return fits ? std::optional(value) : std::nullopt;
}

tl::unexpected<Error> refuse(const QString &text, const QString &allowed) {
    return fail(ErrorCode::Invalid, QStringLiteral("\"%1\" is not understood").arg(text.left(40)),
                {}, allowed);
}

// number / 10^places without trailing zeros.
QString decimal(quint64 value, int places) {
    QString digits = QString::number(value).rightJustified(places + 1, u'0');
    digits.insert(digits.size() - places, u'.');
    while (digits.endsWith(u'0')) {
        digits.chop(1);
    }
    if (digits.endsWith(u'.')) {
        digits.chop(1);
    }
    return digits;
}

} // namespace

Result<kernel::Millis> durationFromText(const QString &text) {
    struct Unit {
        QLatin1StringView name;
        qint64 length_ms;
    };
    static constexpr std::array units = {
        Unit{QLatin1StringView("ms"), 1}, Unit{QLatin1StringView("s"), 1'000},
        Unit{QLatin1StringView("min"), 60'000}, Unit{QLatin1StringView("h"), 3'600'000},
        Unit{QLatin1StringView("d"), 86'400'000}};
    const QString allowed = u"a number and a unit: 500 ms, 5 s, 10 min, 2 h, 1 d"_qs;
    const auto quantity = split(text);
    if (!quantity) {
        return refuse(text, allowed);
    }
    if (quantity->unit.isEmpty() && quantity->number == u"0") {
        return 0;
    }
    for (const Unit &unit : units) {
        if (quantity->unit != unit.name) {
            continue;
        }
        // Thousandths of a unit are fine enough for all of them, and whole in milliseconds for "s".
        const auto thousandths = scaled(quantity->number, 3);
        const qint64 most = std::numeric_limits<qint64>::max() / unit.length_ms;
        const bool fits = thousandths && *thousandths <= most && *thousandths >= -most;
        if (!fits || *thousandths * unit.length_ms % 1'000 != 0) {
            return refuse(text, u"whole milliseconds, less than 100,000,000 d"_qs);
        }
        return *thousandths * unit.length_ms / 1'000;
    }
    return refuse(text, allowed);
}

Result<kernel::Weight> weightFromText(const QString &text) {
    const auto quantity = split(text);
    const bool is_share = quantity && (quantity->unit.isEmpty() || quantity->unit == u"%");
    const auto weight = is_share ? scaled(quantity->number, 2) : std::nullopt;
    if (!weight || *weight > std::numeric_limits<kernel::Weight>::max() ||
        *weight < std::numeric_limits<kernel::Weight>::min()) {
        return refuse(text, u"a percentage with at most two decimals: 25, 25 %, 12.5 %"_qs);
    }
    return static_cast<kernel::Weight>(*weight);
}

Result<kernel::Ppm> shareFromText(const QString &text) {
    const QString allowed = u"a percentage, 95 %, or a part of 1, 0.95"_qs;
    const auto quantity = split(text);
    if (!quantity || (!quantity->unit.isEmpty() && quantity->unit != u"%")) {
        return refuse(text, allowed);
    }
    const bool is_percent = !quantity->unit.isEmpty();
    const auto share = scaled(quantity->number, is_percent ? 4 : 6);
    if (!share || *share < 0 || *share > kernel::ppm_one) {
        return refuse(text, allowed);
    }
    return static_cast<kernel::Ppm>(*share);
}

Result<std::uint32_t> timesFromText(const QString &text) {
    const auto quantity = split(text);
    const bool is_number = quantity && (quantity->unit.isEmpty() || quantity->unit == u"%");
    const auto percent =
        is_number ? scaled(quantity->number, quantity->unit.isEmpty() ? 2 : 0) : std::nullopt;
    if (!percent || *percent < 0 || *percent > std::numeric_limits<std::uint32_t>::max()) {
        return refuse(text, u"a number of times with at most two decimals: 2, 1.5, 150 %"_qs);
    }
    return static_cast<std::uint32_t>(*percent);
}

Result<std::uint64_t> countFromText(const QString &text) {
    const auto quantity = split(text);
    const auto count = quantity && quantity->unit.isEmpty() && !quantity->number.contains(u'.')
                           ? scaled(quantity->number, 0)
                           : std::nullopt;
    if (!count || *count < 0) {
        return refuse(text, u"a whole number from 0"_qs);
    }
    return static_cast<std::uint64_t>(*count);
}

QString shareText(kernel::Ppm share) {
    return decimal(share, 4) + u" %";
}

QString timesText(std::uint32_t percent) {
    return decimal(percent, 2);
}

} // namespace aviary::plans
