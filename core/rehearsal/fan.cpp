// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/fan.h"

#include "core/record/fieldsjson.h"
#include "core/support/words.h"

#include <QJsonDocument>

#include <algorithm>

namespace aviary::rehearsal {
namespace {

constexpr std::size_t slack = 2; // grid points, earlier and later
constexpr double step = 0.005;   // values are rounded to it

// The widest band around an instant.
Band around(const Fan &fan, Millis elapsed_ms) {
    const auto last = fan.bands.size() - 1;
    const auto place = static_cast<std::size_t>(std::max<Millis>(elapsed_ms, 0) / fan.step_ms);
    const std::size_t begin = std::min(place < slack ? 0 : place - slack, last);
    const std::size_t end = std::min(place + 1 + slack, last);
    Band wide = fan.bands[begin];
    for (std::size_t i = begin; i <= end; ++i) {
        wide.low = std::min(wide.low, fan.bands[i].low);
        wide.high = std::max(wide.high, fan.bands[i].high);
    }
    return wide;
}

QString percent(double share) {
    return QString::number(share * 100.0, 'g', 4);
}

// Empty: inside.
QString leftOf(const Fan &fan, Millis elapsed_ms, double value, const QString &what) {
    if (fan.bands.empty()) {
        return {};
    }
    const Band band = around(fan, elapsed_ms);
    if (value >= band.low - step && value <= band.high + step) {
        return {};
    }
    return QStringLiteral("%1 % %2 after %3; nine of ten futures had %4 to %5 %")
        .arg(percent(value), what, ageText(elapsed_ms), percent(band.low), percent(band.high));
}

bool isSound(const Fan &fan) {
    const auto inside = [](const Band &band) {
        return band.low >= 0.0 && band.low <= band.median && band.median <= band.high &&
               band.high <= 1.0;
    };
    return fan.step_ms > 0 && fan.bands.size() <= fan_points &&
           std::all_of(fan.bands.begin(), fan.bands.end(), inside);
}

} // namespace

QByteArray toJson(const Fans &fans) {
    return QJsonDocument(record::toObject(fans)).toJson(QJsonDocument::Compact);
}

Result<Fans> fansFromJson(const QByteArray &text, const QString &where) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (!document.isObject()) {
        return fail(ErrorCode::Invalid, QStringLiteral("no fans: %1").arg(error.errorString()),
                    where, QStringLiteral("an object with nodes, traffic and health"));
    }
    record::JsonReader reader(document.object(), where);
    Fans fans;
    record::get(reader, fans);
    auto read = reader.end(std::move(fans));
    if (read && !(isSound(read->nodes) && isSound(read->traffic) && isSound(read->health))) {
        return fail(
            ErrorCode::Invalid, QStringLiteral("the bands are out of order"), where,
            QStringLiteral("0 <= low <= median <= high <= 1, at most %1 of them").arg(fan_points));
    }
    return read;
}

Instant instantOf(const kernel::Plan &plan, const kernel::State &state, Millis elapsed_ms) {
    return {elapsed_ms, kernel::freshShareOf(plan, state), kernel::trafficOf(plan, state)};
}

Watched insideFan(const Fans &fans, const Instant &instant) {
    QString sentence = leftOf(fans.nodes, instant.elapsed_ms, instant.nodes,
                              QStringLiteral("of nodes on the new revision"));
    if (sentence.isEmpty()) {
        const double weight = static_cast<double>(instant.weight) / kernel::full_weight;
        sentence = leftOf(fans.traffic, instant.elapsed_ms, weight,
                          QStringLiteral("of traffic on the new revision"));
    }
    return {sentence.isEmpty(), sentence};
}

} // namespace aviary::rehearsal
