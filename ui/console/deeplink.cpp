// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/deeplink.h"

#include <QStringList>
#include <QUrl>

namespace aviary {

using namespace Qt::Literals;

namespace {

const QString scheme = u"aviary://"_qs;
constexpr qsizetype text_length_max = 1'000;

bool isBetter(const api::RolloutRow &row, const api::RolloutRow *best) {
    if (!best) {
        return true;
    }
    const bool active = !kernel::isEnd(row.status);
    const bool best_active = !kernel::isEnd(best->status);
    return active != best_active ? active : row.id > best->id; // ids sort by time
}

const api::RolloutRow *rolloutOf(const Desk &desk, const DeepLink &link) {
    const api::RolloutRow *best = nullptr;
    for (const api::RolloutRow &row : desk.rollouts()) {
        const bool meant = link.rollout.isEmpty()
                               ? row.service == link.service && row.cluster == link.cluster
                               : row.id == link.rollout;
        if (meant && isBetter(row, best)) {
            best = &row;
        }
    }
    return best;
}

} // namespace

std::optional<DeepLink> deepLinkFrom(const QString &text) {
    if (!text.startsWith(scheme) || text.size() > text_length_max) {
        return std::nullopt;
    }
    // What comes after a ? or # would be an order to somebody; there is none to give.
    QString path = text.mid(scheme.size());
    path.truncate(path.indexOf(u'?') < 0 ? path.size() : path.indexOf(u'?'));
    path.truncate(path.indexOf(u'#') < 0 ? path.size() : path.indexOf(u'#'));
    const QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    if (parts.isEmpty() || parts.size() > 3) {
        return std::nullopt;
    }
    const auto part = [&parts](qsizetype i) {
        return QUrl::fromPercentEncoding(parts.value(i).toUtf8());
    };
    return DeepLink{part(0), part(1), part(2)};
}

QString toText(const DeepLink &link) {
    QString text = scheme;
    for (const QString &part : {link.cluster, link.service, link.rollout}) {
        if (part.isEmpty()) {
            break;
        }
        text += (text == scheme ? QString() : u"/"_qs) +
                QString::fromLatin1(QUrl::toPercentEncoding(part));
    }
    return text;
}

std::optional<LinkTarget> targetOf(const Desks &desks, const DeepLink &link) {
    for (Desk *desk : desks.all()) {
        if (const api::RolloutRow *row =
                link.service.isEmpty() ? nullptr : rolloutOf(*desk, link)) {
            return LinkTarget{desk, row->cluster, row->id};
        }
        if (link.service.isEmpty() && desk->cluster(link.cluster)) {
            return LinkTarget{desk, link.cluster, {}};
        }
    }
    return std::nullopt;
}

} // namespace aviary
