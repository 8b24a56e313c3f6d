// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/snapshots.h"
#include "tests/conformance/family.h"
#include "tests/conformance/ledgerstory.h"

// Snapshots of versions, and ways back to them.
namespace aviary::conformance {
namespace {

QString key() {
    return u"service"_qs;
}

QCborValue orNull(const QString &text) {
    return text.isEmpty() ? QCborValue(nullptr) : QCborValue(text);
}

QCborMap standingOf(const Ledger &ledger) {
    const auto snapshots = snapshotsOf(ledger.history(key()));
    QCborArray rows;
    for (const Snapshot &snapshot : snapshots) {
        rows.append(QCborArray{snapshot.revision, nameOf(snapshot.state)});
    }
    return {{u"current"_qs, orNull(ledger.running(key()))},
            {u"snapshots"_qs, rows},
            {u"verify"_qs, wayBackHolds(snapshots, ledger.running(key()))}};
}

QCborMap goBack(LedgerStory &story, const QString &revision) {
    const QString from = story.ledger().running(key());
    const auto way = story.ledger().wayBack(key(), {revision, {}});
    QCborMap step;
    if (!way) {
        step[u"raised"_qs] = true;
    } else if (story.tell(key(), way->record->opened.revision, Purpose::WayBack,
                          kernel::Status::Completed)) {
        step[u"result"_qs] = QCborArray{
            true, from, revision, QStringLiteral("Rolled back from %1 to %2").arg(from, revision)};
    }
    return step;
}

QCborValue answer(const QCborMap &input) {
    LedgerStory story;
    QCborArray steps;
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        const QString revision = op[1].toString();
        QCborMap step;
        if (op[0].toString() == u"snapshot") {
            static_cast<void>(
                story.tell(key(), revision, Purpose::Deploy, kernel::Status::Completed));
        } else {
            step = goBack(story, revision);
        }
        for (const auto &[name, value] : standingOf(story.ledger())) {
            step[name.toString()] = value;
        }
        steps.append(step);
    }
    return QCborMap{{u"steps"_qs, steps}};
}

// The text of an exception is the reference's language's; that there is one is everybody's.
QCborValue withoutText(const QCborValue &value) {
    QCborArray steps;
    for (const auto &member : value[u"steps"_qs].toArray()) {
        QCborMap step = member.toMap();
        if (step.contains(u"raised"_qs)) {
            step[u"raised"_qs] = true;
        }
        steps.append(step);
    }
    return steps;
}

} // namespace

Family rollbackManagerFamily() {
    return {u"rollback_manager"_qs, answer, {}, {}, withoutText};
}

} // namespace aviary::conformance
