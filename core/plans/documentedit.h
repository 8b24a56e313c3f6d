// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/yaml.h"

namespace aviary::plans {

// Sets the member at `path` ({"strategy", "bake"}) of a YAML document of maps. `value` is written
// as it stands: "5 min", "[10 %, 100 %]"; empty takes the member out. Everything else stays as it
// was written: comments, order, blank lines. Where the place is laid out in a way that cannot be
// edited in place, the document is written anew, which loses its comments but no value.
//
// An Error when the document is no YAML, or `value` is none.
Result<QByteArray> withMember(const QByteArray &text, const QStringList &path,
                              const QString &value);

// The value at `path` as a person would write it on one line: "canary", "10 %, 100 %"; empty when
// absent. A map is written as its member `kind`.
QString memberText(const YamlNode &root, const QStringList &path);

} // namespace aviary::plans
