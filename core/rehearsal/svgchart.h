// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/answers.h"

#include <QString>

// Pictures of a report: SVG to stand inside of HTML, with classes of its style sheet for colours, a
// title for screen readers, and no script.
namespace aviary::rehearsal {

// Band and median over time. Shares: 0 to 100 %.
QString svgFan(const Fan &fan, const QString &title);
// The endings as one bar, told apart by pattern and label too.
QString svgEndings(const HypothesisAnswer &hypothesis, const QString &title);
// Definitions that the bars use; once in a document.
QString svgPatterns();

} // namespace aviary::rehearsal
