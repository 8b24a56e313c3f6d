// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace aviary {

// What an action acts on. Where nothing of that kind is chosen the action is off, and says so.
enum class About { Window, Cluster, Rollout, Node };

// Which way it moves the share of people that meet the new revision.
enum class Exposure { Same, Raises, Lowers };

// One action in one line. In `text` and `cli` the words in braces are filled in from what is
// chosen: {service} {cluster} {node} {from} {to} {next} {lower} {filter}. A text whose word is
// missing falls back to `plain`.
struct ActionLine {
    const char *id;    // "rollout.promote"
    const char *group; // its menu, and its part of the `?` overlay
    const char *text;  // "Promote to {next}..."; translated
    const char *plain; // "Promote..."
    const char *icon;
    const char *keys;   // portable: "Ctrl+P"
    const char *verb;   // of the request; empty: nothing outside the window changes
    const char *cli;    // after "aviary"; empty: there is no such line
    const char *effect; // what it does, in a few words; translated
    About about = About::Window;
    Exposure exposure = Exposure::Same;
};

// The one table of actions. Menus, palette, shortcuts, the `?` overlay and CLI copies read it.
std::span<const ActionLine> actionLines();
const ActionLine *actionLine(const char *id); // null when there is none

} // namespace aviary
