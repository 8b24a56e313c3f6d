// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/rolloutstates.h"

#include <array>

namespace aviary::samples {

using namespace Qt::Literals;
using api::RolloutDetail;
using kernel::Phase;

QString hostileText(int number) {
    const std::array<QString, 6> texts{
        u"<b>bold</b><img src=x onerror=alert(1)><script>alert(2)</script>"_qs,
        u"\x1b[31mred\x1b[0m \x1b]8;;http://example.com\x07link\x1b]8;;\x07"_qs,
        u"abc\u202edcba\u2066 turned\u2069"_qs,
        QString(10'000, u'W'),
        u"line one\nline two\r\n\tline three"_qs + QString(300, u'\u0301'),
        u"&amp;<a href=\"file:///etc/passwd\">&lt;open&gt;</a>"_qs,
    };
    return texts[static_cast<std::size_t>(number) % texts.size()];
}

RolloutDetail hostileRollout() {
    RolloutDetail detail = rollingBackRollout();
    int number = 0;
    const auto next = [&number] { return hostileText(number++); };
    for (QString *text :
         {&detail.row.service, &detail.row.from, &detail.row.to, &detail.row.who,
          &detail.row.headline, &detail.why, &detail.verdict_text, &detail.load_text}) {
        *text = next();
    }
    detail.evidence = {next(), next(), next()};
    for (api::StepRow &step : detail.steps) {
        step.text = next();
    }
    for (api::SiteRow &site : detail.sites) {
        const QString name = next();
        for (api::TargetRow &target : detail.targets) {
            target.site = target.site == site.site ? name : target.site;
        }
        site.site = name;
    }
    for (std::size_t i = 0; i < 12; ++i) {
        detail.targets[i].node = next();
        detail.targets[i].text = next();
        detail.targets[i].phase = Phase::Failed;
    }
    for (api::Happening &happening : detail.happenings) {
        happening.who = next();
        happening.text = next();
    }
    for (api::Permission &permission : detail.permissions) {
        permission.reason = permission.allowed ? QString() : next();
    }
    recount(detail);
    return detail;
}

} // namespace aviary::samples
