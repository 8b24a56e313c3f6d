// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/values.h"
#include "core/clusters/ownstart.h"
#include "core/support/error.h"

#include <QJsonObject>

namespace aviary::clusters::nomad {

// A job out of the text of a file in JSON, with or without {"Job": ...} around it. None: the text
// is no JSON, which may be Nomad's own language.
Result<std::optional<QJsonObject>> jobIn(const QString &text);

// The job with the image, the count and the variables that were asked for, and not stopped. Fails
// when it is not plain where they belong.
Result<QJsonObject> changed(const QJsonObject &job, const OwnStart &wanted);

// What a plan says, a fact each. `runs`: the job as it is now; none: there is none.
QStringList effectOf(const Plan &plan, const std::optional<Job> &runs);

} // namespace aviary::clusters::nomad
