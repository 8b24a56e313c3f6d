// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/wayback.h"
#include "core/support/exactjson.h"
#include "tests/conformance/family.h"

// Which version a way back leads to.
namespace aviary::conformance {
namespace {

// Numbers stand for their text; blank is absent.
QString textOf(const QCborValue &value) {
    const QString text = value.isInteger() ? QString::number(value.toInteger()) : value.toString();
    return text.trimmed().isEmpty() ? QString() : text;
}

std::vector<VersionStanding> standingsOf(const QCborMap &input) {
    std::vector<VersionStanding> standings;
    for (const auto &member : input.value(u"versions"_qs).toArray()) {
        VersionStanding standing;
        standing.version = textOf(member[u"version"_qs]).toUInt();
        standing.revision = textOf(member[u"version"_qs]);
        standing.stable = member[u"stable"_qs].isTrue();
        if (member[u"tag"_qs].isString()) {
            standing.tags.append(member[u"tag"_qs].toString());
        }
        standings.push_back(standing);
    }
    return standings;
}

QCborValue answer(const QCborMap &input) {
    const auto standings = standingsOf(input);
    const WayBackChoice choice{textOf(input.value(u"version"_qs)), textOf(input.value(u"tag"_qs))};
    const auto chosen =
        chooseWayBack(standings, textOf(input.value(u"current_version"_qs)), choice);
    QCborMap result{{u"next_version"_qs, QString::number(nextVersion(standings))}};
    if (chosen) {
        result[u"version"_qs] = QString::number(standings[*chosen].version);
    } else {
        result[u"error"_qs] = noWayBackText(u"k"_qs);
    }
    return result;
}

// Given both, the reference looks for a tag that reads like the version. It matters when that finds
// another version than the one that has both.
bool tagIsComparedWithVersion(const QCborMap &input) {
    const QString version = textOf(input.value(u"version"_qs));
    const QString tag = textOf(input.value(u"tag"_qs));
    if (version.isEmpty() || tag.isEmpty()) {
        return false;
    }
    QString by_quirk;
    QString by_both;
    for (const auto &member : input.value(u"versions"_qs).toArray()) {
        const QString number = textOf(member[u"version"_qs]);
        const QString own = member[u"tag"_qs].toString();
        by_quirk = by_quirk.isEmpty() && own == version ? number : by_quirk;
        by_both = by_both.isEmpty() && number == version && own == tag ? number : by_both;
    }
    return by_quirk != by_both;
}

} // namespace

Family rollbackFamily() {
    return {u"rollback"_qs,
            answer,
            {{u"version and tag given: both must hold"_qs,
              u"Build what they document and what an operator would expect, never those defects"_qs,
              tagIsComparedWithVersion}},
            {}};
}

} // namespace aviary::conformance
