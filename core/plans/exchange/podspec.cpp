// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/podspec.h"

#include <algorithm>

namespace aviary::plans {

namespace {

constexpr qint64 seconds_max = 2'147'483'647;

// A count of pods or a share of all of them; `up` rounds a share up.
std::uint32_t podsOf(ForeignMap &map, const QString &key, std::uint32_t replicas,
                     std::uint32_t percent_default, bool up) {
    const QString text = map.text(key);
    const bool is_share = text.isEmpty() || text.endsWith(u'%');
    const auto given = text.isEmpty() ? Result<std::uint64_t>(percent_default)
                                      : countFromText(is_share ? text.chopped(1) : text);
    if (!given || *given > (is_share ? 1'000U : kernel::targets_max)) {
        map.flaw(key, QStringLiteral("is \"%1\"").arg(text.left(40)),
                 u"a number of pods, or a share such as 25%"_qs);
        return 1;
    }
    const std::uint64_t share = replicas * *given;
    const std::uint64_t pods = is_share ? (share + (up ? 99 : 0)) / 100 : *given;
    return static_cast<std::uint32_t>(pods);
}

void readImage(ForeignMap &spec, Reading &reading) {
    ForeignMap pod = spec.map(u"template"_qs).map(u"spec"_qs);
    std::vector<ForeignMap> containers = pod.maps(u"containers"_qs);
    const QString image = containers.empty() ? QString() : containers[0].text(u"image"_qs);
    nameRevision(image, spec.pathOf(u"template.spec.containers[0].image"_qs), reading);
    spec.leave(u"template"_qs,
               u"a plan says how a revision spreads, not what it runs; the tag of the first image "
               "became the revision's name"_qs);
}

} // namespace

kernel::Millis kept(const ForeignDuration &duration, ForeignMap &map, const QString &key) {
    if (duration.cut) {
        map.note(key, u"a plan's times end at 366 days; 366 days is what it says now"_qs);
    }
    return duration.duration_ms;
}

void readMetadata(ForeignMap &document, Reading &reading) {
    ForeignMap metadata = document.map(u"metadata"_qs);
    reading.request.service = metadata.text(u"name"_qs).toStdString();
    if (reading.request.service.empty()) {
        document.flaw(u"metadata"_qs, u"has no name"_qs, u"metadata.name: the service"_qs);
    }
    metadata.finish(u"where and as what the cluster keeps it is no part of a plan"_qs);
    document.leave(u"status"_qs, u"what the cluster says of it is no part of a plan"_qs);
}

// "registry:5000/shop/web:1.4@sha256:..." has the tag 1.4; without a tag, the digest's beginning.
void nameRevision(const QString &image, const QString &path, Reading &reading) {
    constexpr qsizetype digest_shown = 12;
    const QString tagged = image.section(u'@', 0, 0);
    const QString file = tagged.section(u'/', -1);
    const QString digest = image.section(u"sha256:"_qs, 1).left(digest_shown);
    QString tag = file.contains(u':') ? file.section(u':', -1) : digest;
    if (!reading.choice.to.isEmpty()) {
        tag = reading.choice.to;
    } else if (tag.isEmpty()) {
        tag = u"latest"_qs;
        reading.findings.leave(path, image.isEmpty() ? u"absent"_qs : image.left(60),
                               u"no tag names the revision; it is called latest, unless --to says "
                               "otherwise"_qs);
    }
    reading.request.to = tag.toStdString();
    reading.request.from = reading.choice.from.toStdString();
    if (reading.choice.from.isEmpty()) {
        reading.findings.leave(u"from"_qs, u"absent"_qs,
                               u"a manifest does not say what runs now; --from names it"_qs);
    }
}

Pods readPodSpec(ForeignMap &spec, Reading &reading) {
    kernel::Policy &policy = reading.request.policy;
    Pods pods;
    reading.instances = pods.replicas =
        static_cast<std::uint32_t>(spec.count(u"replicas"_qs, kernel::targets_max).value_or(1));
    readImage(spec, reading);
    const qint64 ready_s = spec.count(u"minReadySeconds"_qs, seconds_max).value_or(0);
    policy.min_healthy_ms = kept(ofSeconds(ready_s), spec, u"minReadySeconds"_qs);
    constexpr qint64 progress_default_s = 600;
    const qint64 progress_s =
        spec.count(u"progressDeadlineSeconds"_qs, seconds_max).value_or(progress_default_s);
    policy.progress_deadline_ms = kept(ofSeconds(progress_s), spec, u"progressDeadlineSeconds"_qs);
    // A pod has no deadline of its own there: only progress as a whole is timed.
    policy.healthy_deadline_ms = policy.progress_deadline_ms;
    policy.success_threshold = kernel::ppm_one;
    spec.leave(u"selector"_qs, u"which pods belong to it is the cluster's"_qs);
    spec.leave(u"revisionHistoryLimit"_qs, u"history is never cut here"_qs);
    spec.leave(u"paused"_qs, u"a plan is no running rollout: pause that one"_qs);
    return pods;
}

// Both at 0 would move nothing: there, one pod may be unavailable.
void readPace(ForeignMap &map, Pods &pods, Reading &reading) {
    constexpr std::uint32_t percent_default = 25;
    pods.surge = podsOf(map, u"maxSurge"_qs, pods.replicas, percent_default, true);
    pods.unavailable = podsOf(map, u"maxUnavailable"_qs, pods.replicas, percent_default, false);
    if (pods.surge == 0 && pods.unavailable == 0) {
        pods.unavailable = 1;
    }
    kernel::PlanRequest &request = reading.request;
    const std::uint64_t at_once = std::uint64_t{pods.surge} + pods.unavailable;
    request.policy.max_parallel =
        static_cast<std::uint32_t>(std::clamp<std::uint64_t>(at_once, 1, kernel::targets_max));
    request.policy.max_unavailable = kernel::NodeLimit{std::max(pods.unavailable, 1U), false};
    if (pods.unavailable == 0) {
        map.note(u"maxUnavailable"_qs, u"1 is the least that a plan allows to be down of a site; "
                                       "no update beside the old takes one down"_qs);
    }
    request.mode = pods.surge > 0 ? kernel::UpdateMode::Beside : kernel::UpdateMode::InPlace;
}

} // namespace aviary::plans
