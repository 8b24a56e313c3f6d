// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/book.h"

namespace aviary::rehearsal {

// All futures of a rehearsal, done.
struct Outcome {
    std::vector<Summary> summaries; // by future
    Book book;
    Millis fan_step_ms = 1;
};

// rehearsal.cpp. Refuses what cannot be rehearsed.
Result<std::shared_ptr<const World>> worldOf(Setup setup);
Result<Outcome> outcomeOf(const World &world, const Running &running);

// answering.cpp
Answers answersOf(const World &world, const Outcome &outcome);
// sights.cpp
std::vector<Sight> sightsOf(const World &world);
// because.cpp: runs the future again and says in a sentence why it ended as it did.
std::string becauseOf(const World &world, std::uint32_t future);

} // namespace aviary::rehearsal
