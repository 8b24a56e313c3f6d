// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/fleetstore.h"

#include <vector>

namespace aviary {

// What the filter language offers at a place of a text: keys, or values that
// this fleet has.
struct FilterCompletion {
    struct Candidate {
        QString word; // goes into the text; plain and bounded
        QString note; // "1,900 nodes"; what a key is about
        bool operator==(const Candidate &) const = default;
    };
    static constexpr std::size_t candidates_max = 12;

    int from = 0; // what is replaced
    int length = 0;
    std::vector<Candidate> candidates; // the most nodes first
};

FilterCompletion completeFilter(const FleetStore &store, const QString &text, int cursor);

// Where the keys of a filter's terms are, with their colon: {from, length}.
std::vector<std::pair<int, int>> filterKeys(const QString &text);

// The place that an error of Filter::parse names, from 0; none where it names
// no character.
std::optional<int> filterErrorPlace(const Error &error);

} // namespace aviary
