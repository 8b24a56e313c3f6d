// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/stories.h"

namespace aviary::samples {

using namespace Qt::Literals;

void tell(api::RolloutDetail &detail, std::initializer_list<Told> lines) {
    for (const Told &line : lines) {
        api::Happening one;
        one.sequence = detail.happenings.size() + 1;
        one.wall_ms = detail.row.started_wall_ms + line.second * 1'000;
        one.who = QString::fromLatin1(line.who);
        one.text = line.text;
        one.weight = line.weight;
        detail.happenings.insert(detail.happenings.begin(), one);
    }
}

void tellFirstStage(api::RolloutDetail &detail) {
    detail.happenings.clear();
    tell(detail, {{0, "ops", u"started, reason: price rounding fix"_qs},
                  {0, "engine", u"Update 4 nodes"_qs},
                  {8, "eu-north-n01", u"healthy after 380 ms"_qs},
                  {17, "eu-south-n01", u"healthy after 412 ms"_qs},
                  {19, "engine", u"Shift to 10\u00a0%"_qs},
                  {20, "router", detail.row.to + u" 0\u00a0% to 10\u00a0%, confirmed"_qs, 1'000},
                  {21, "engine", u"Check 5 min"_qs}});
}

} // namespace aviary::samples
