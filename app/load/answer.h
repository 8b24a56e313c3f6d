// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aviary {

// As much of an HTTP/1.1 answer as the load generator counts.
struct Answer {
    int status = 0;
    std::string revision; // value of the revision header; empty without one
    bool keep_alive = true;
    std::size_t size = 0;    // bytes of the whole answer in the buffer
    bool to_the_end = false; // no length announced: the answer ends with the connection
};

// The answer at the start of `buffer`; none while it is not complete. A status of 0 is not HTTP.
std::optional<Answer> readAnswer(std::string_view buffer, std::string_view revision_header);

} // namespace aviary
