// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/badmark.h"

#include "core/support/words.h"

#include <QCoreApplication>

namespace aviary {

using namespace Qt::Literals;

namespace {

struct Mark {
    Q_DECLARE_TR_FUNCTIONS(aviary::BadMark)
};

} // namespace

Proposal badMark(const QString &cluster, const QString &service, const QString &revision,
                 bool bad) {
    const QString shown = boundedText(revision, 60);
    Proposal proposal;
    proposal.verb = u"deployment.bad"_qs;
    proposal.parameters = {{u"key"_qs, service}, {u"revision"_qs, revision}, {u"bad"_qs, bad}};
    proposal.cluster = cluster;
    proposal.service = service;
    if (bad) {
        proposal.title = Mark::tr("Mark %1 of %2 bad?").arg(shown, boundedText(service, 60));
        proposal.button = Mark::tr("Mark %1 bad").arg(shown);
        proposal.facts = {{Mark::tr("effect"), Mark::tr("no plan chooses %1 unasked").arg(shown)},
                          {Mark::tr("way back"), Mark::tr("take the mark away in the history")}};
    } else {
        proposal.title = Mark::tr("Take the bad mark of %1 away?").arg(shown);
        proposal.button = Mark::tr("Take the mark of %1 away").arg(shown);
        proposal.facts = {{Mark::tr("effect"), Mark::tr("plans may choose %1 again").arg(shown)},
                          {Mark::tr("way back"), Mark::tr("mark it again in the history")}};
    }
    return proposal;
}

} // namespace aviary
