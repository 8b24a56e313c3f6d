// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/dataage.h"
#include "ui/charts/errorbandchart.h"
#include "ui/charts/fanchart.h"
#include "ui/charts/fleetmap.h"
#include "ui/charts/outcomebar.h"
#include "ui/charts/scrubber.h"
#include "ui/charts/sparkline.h"
#include "ui/charts/steptrack.h"
#include "ui/charts/trafficsharechart.h"
#include "ui/charts/trafficslider.h"

// Values as an operator would meet them, the same on every run.
namespace aviary::samples {

StepTrackValue stepTrack(Sign now = Sign::Waiting);
TrafficSliderValue slider();
QString sliderEffect();
FleetMapValue smallFleet();
// `nodes` over five sites; `dimmed` as if a filter matched a few.
FleetMapValue largeFleet(std::size_t nodes, bool dimmed);
ScrubberValue scrubber(bool live);
FanChartValue fan(bool live);
OutcomeBarValue outcomes(double good, double attention, double bad);
SparklineValue sparkline();
TrafficShareValue share();
ErrorBandValue errors();

} // namespace aviary::samples
