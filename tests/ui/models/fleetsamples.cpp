// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/models/fleetsamples.h"

#include <array>

namespace aviary::samples {

using namespace Qt::Literals;

namespace {

constexpr qint64 now_wall_ms = 1'790'000'000'000;

const QString &siteOf(quint32 number) {
    static const std::array<QString, 5> sites{u"eu-west"_qs, u"eu-north"_qs, u"us-east"_qs,
                                              u"ap-south"_qs, u"depots"_qs};
    return sites[number % sites.size()];
}

} // namespace

api::NodeRow node(quint32 number) {
    api::NodeRow row;
    row.site = siteOf(number);
    row.id = u"%1-n%2"_qs.arg(row.site).arg(number, 4, 10, QChar(u'0'));
    row.name = row.id;
    row.address =
        u"10.%1.%2.%3"_qs.arg(number >> 16U).arg((number >> 8U) & 255U).arg(number & 255U);
    row.labels = {{u"rack"_qs, u"r%1"_qs.arg(number % 40)}, {u"site"_qs, row.site}};
    row.heard_wall_ms = now_wall_ms - number % 900;
    const bool fresh = number % 11 == 0;
    row.services = {{u"checkout-api"_qs, fresh ? u"v42"_qs : u"v41"_qs, true, {}},
                    {u"camera-agent"_qs, u"v7"_qs, true, {}}};
    row.usage = {number % 1'000'000, number % 4'096, 10'000, 2};
    row.capacity = {4'096, 64'000, 8};
    if (number % 97 == 13) {
        row.status = kernel::NodeStatus::Offline;
        row.behind = 1 + number % 3;
    } else if (number % 89 == 7) {
        row.status = kernel::NodeStatus::Degraded;
        row.services[0].ready = false;
        row.services[0].text = u"2 of 3 checks pass"_qs;
    }
    row.flags.draining = number % 301 == 5;
    row.flags.maintenance = number % 401 == 6;
    row.flags.excluded = number % 501 == 7;
    row.flapping = number % 601 == 8;
    return row;
}

std::vector<api::NodeRow> nodes(quint32 count, quint32 first) {
    std::vector<api::NodeRow> rows;
    rows.reserve(count);
    for (quint32 i = 0; i < count; ++i) {
        rows.push_back(node(first + i));
    }
    return rows;
}

api::NodeRow changedNode(quint32 number, quint32 round) {
    api::NodeRow row = node(number);
    row.heard_wall_ms += round;
    row.services[0].revision = round % 2 == 0 ? u"v41"_qs : u"v42"_qs;
    row.services[0].text = round % 5 == 0 ? u"restart %1"_qs.arg(round) : QString();
    row.status = kernel::NodeStatus(round % 3);
    row.flags.draining = round % 7 == 0;
    row.site = round % 13 == 0 ? u"moved"_qs : row.site;
    return row;
}

} // namespace aviary::samples
