// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/world.h"

#include <array>

namespace aviary::samples {

using namespace Qt::Literals;

std::vector<api::HealthRow> nodeChecks() {
    using api::Health;
    const auto check = [](const QString &service, const QString &revision, const QString &what,
                          Health health, const QString &text) {
        api::HealthRow row;
        row.service = service;
        row.revision = revision;
        row.check = what;
        row.health = health;
        row.text = text;
        return row;
    };
    std::vector<api::HealthRow> rows{
        check(u"checkout-api"_qs, u"v42"_qs, u"GET /health"_qs, Health::Healthy, u"200 in 4 ms"_qs),
        check(u"checkout-api"_qs, u"v42"_qs, u"disk /var/lib/checkout"_qs, Health::Healthy,
              u"41 % used, at most 90 %"_qs),
        check(u"gateway"_qs, u"v8"_qs, u"tcp 8443"_qs, Health::Unhealthy,
              u"connection refused; 3 times in a row"_qs)};
    rows[1].critical = false;
    return rows;
}

std::vector<api::Happening> nodeHappenings(qint64 now_wall_ms) {
    constexpr qint64 minute_ms = 60'000;
    const qint64 held_wall_ms = now_wall_ms - 17 * minute_ms;
    return {{1'475, held_wall_ms, u"checkout-api"_qs, u"v42 healthy after 412 ms"_qs},
            {1'471, held_wall_ms - 3'000, u"engine"_qs, u"update to v42 ordered, beside v41"_qs},
            {1'302, held_wall_ms - 1'440 * minute_ms, u"mara"_qs, u"no longer draining"_qs},
            {1'288, held_wall_ms - 1'484 * minute_ms, u"mara"_qs, u"draining: new disk"_qs}};
}

std::vector<api::LogRow> nodeLog(qint64 now_wall_ms) {
    const std::array lines{u"listening on 10.4.0.2:20431"_qs,
                           u"prices loaded, 18,204 articles in 212 ms"_qs,
                           u"GET /health 200 1 ms"_qs,
                           u"POST /basket 201 7 ms"_qs,
                           u"POST /checkout 200 31 ms"_qs,
                           u"GET /health 200 1 ms"_qs,
                           u"POST /checkout 502 1,003 ms: payment provider did not answer"_qs,
                           u"POST /checkout 200 29 ms"_qs};
    std::vector<api::LogRow> rows;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto left = static_cast<qint64>(lines.size() - i);
        rows.push_back({now_wall_ms - left * 1'700, lines[i]});
    }
    return rows;
}

} // namespace aviary::samples
