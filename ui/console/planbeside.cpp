// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/planbeside.h"

#include "core/api/presentation.h"
#include "core/support/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary {

namespace {

struct Beside {
    Q_DECLARE_TR_FUNCTIONS(aviary::PlanBeside)
};

constexpr int cell_max = 300;
constexpr std::size_t steps_max = 200;

QString cell(const QString &text) {
    return text.isEmpty() ? QStringLiteral("\u2013") : boundedText(text, cell_max);
}

PlanBeside unmappedOf(const std::vector<plans::Unmapped> &unmapped, const QString &all,
                      const QString &some) {
    PlanBeside beside;
    beside.title = unmapped.empty() ? all : some;
    if (!unmapped.empty()) {
        beside.rows.push_back(
            {Beside::tr("not carried over"), Beside::tr("its value"), Beside::tr("why")});
    }
    for (const plans::Unmapped &one : unmapped) {
        beside.rows.push_back({cell(one.path), cell(one.what), cell(one.why)});
    }
    return beside;
}

QStringList stepsOf(const kernel::Plan &plan) {
    QStringList steps;
    for (std::size_t i = 0; i < std::min(plan.steps.size(), steps_max); ++i) {
        steps << api::stepText(plan, plan.steps[i]);
    }
    return steps;
}

} // namespace

PlanBeside besideOf(const std::vector<plans::MemberChange> &changes, const QString &title,
                    const QString &why) {
    PlanBeside beside{title, {{Beside::tr("member"), Beside::tr("was"), Beside::tr("is")}}, why};
    for (const plans::MemberChange &change : changes) {
        beside.rows.push_back({cell(change.member), cell(change.before), cell(change.after)});
    }
    return beside;
}

PlanBeside besideOf(const plans::Import &import, const QString &file) {
    const QString kind = plans::nameOf(import.kind);
    const QString count = countText(std::ssize(import.unmapped));
    return unmappedOf(
        import.unmapped, Beside::tr("%1 is %2; all of it was carried over").arg(file, kind),
        Beside::tr("%1 is %2; not carried over, or not as it stood: %3").arg(file, kind, count));
}

PlanBeside besideOf(const plans::Export &exported, const QString &file) {
    const QString count = countText(std::ssize(exported.unmapped));
    return unmappedOf(exported.unmapped, Beside::tr("%1 says all of the plan").arg(file),
                      Beside::tr("%1 cannot say all of the plan: %2").arg(file, count));
}

PlanBeside besideOf(const kernel::Plan &before, const QString &last, const kernel::Plan &now) {
    const std::vector<plans::MemberChange> changes = plans::differencesOf(before, now);
    PlanBeside beside =
        besideOf(changes, Beside::tr("Beside the last deployment, %1").arg(last), {});
    beside.rows.front() = {QString(), last, Beside::tr("this plan")};
    const QStringList then = stepsOf(before);
    const QStringList here = stepsOf(now);
    if (then != here) {
        beside.rows.push_back({Beside::tr("steps"), cell(then.join(QStringLiteral(", "))),
                               cell(here.join(QStringLiteral(", ")))});
    }
    if (beside.rows.size() == 1) {
        beside.text = Beside::tr("It does the same, step by step.");
    }
    return beside;
}

} // namespace aviary
