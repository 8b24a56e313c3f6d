// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>

namespace aviary::kernel {

// Milliseconds of the rollout's own monotonic clock. It starts at 0, never jumps, and stands still
// while no daemon runs. Wall time is for display and never reaches the kernel.
using Millis = std::int64_t;

// Position of a node in Plan::targets. The kernel never handles a node by name.
using TargetIndex = std::uint32_t;

// Position of a revision in Plan::revisions; 0 is "nothing runs".
using RevisionIndex = std::uint16_t;
inline constexpr RevisionIndex no_revision = 0;

// Share of traffic on the new revision in 1/100 %: 0 to 10,000.
using Weight = std::int32_t;
inline constexpr Weight full_weight = 10'000;

// A share in parts per million: 950,000 is 0.95. Integers, so that "equal passes" is exact.
using Ppm = std::uint32_t;
inline constexpr Ppm ppm_one = 1'000'000;

// Sequence number of a command inside its rollout, from 1. An event that answers a command carries
// it; 0 marks a report that nobody asked for (a process that ended by itself).
using Order = std::uint32_t;
inline constexpr Order unasked = 0;

// One named member of a value that is printed, compared, recorded and generated in tests. Every
// event, command and step lists its members once, in fields(); the codecs need nothing else.
template <class Owner, class Member>
struct Field {
    std::string_view name;
    Member Owner::*member;
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::*member) {
    return {name, member};
}

} // namespace aviary::kernel
