// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/deploymentresult.h"

#include <QJsonArray>

namespace aviary {
namespace {

QString latin(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

DeploymentResult resultOf(const kernel::Plan &plan, const kernel::State &state) {
    DeploymentResult result;
    for (std::size_t i = 0; i < state.cells.size(); ++i) {
        const kernel::Cell &cell = state.cells[i];
        const bool updated = cell.touched && cell.phase == kernel::Phase::Healthy;
        result.targets_updated += updated ? 1 : 0;
        if (cell.phase != kernel::Phase::Failed) {
            continue;
        }
        ++result.targets_failed;
        if (result.errors.size() < DeploymentResult::errors_max) {
            result.errors.append(latin(plan.targets[i].node) + u": "_qs +
                                 latin(kernel::nameOf(cell.cause)));
        }
    }
    result.state = state.status;
    result.success = state.status == kernel::Status::Completed && result.targets_failed == 0;
    result.duration_ms = state.now;
    result.metadata = {{u"strategy"_qs, latin(kernel::nameOf(plan.strategy))},
                       {u"revision"_qs, latin(plan.revisions[plan.to])},
                       {u"weight"_qs, state.weight},
                       {u"behind"_qs, qint64{state.count(kernel::Phase::Behind)}}};
    return result;
}

QJsonObject toJson(const DeploymentResult &result) {
    return {{u"success"_qs, result.success},
            {u"targets_updated"_qs, qint64{result.targets_updated}},
            {u"targets_failed"_qs, qint64{result.targets_failed}},
            {u"duration_ms"_qs, result.duration_ms},
            {u"state"_qs, latin(kernel::nameOf(result.state))},
            {u"errors"_qs, QJsonArray::fromStringList(result.errors)},
            {u"metadata"_qs, result.metadata}};
}

} // namespace aviary
