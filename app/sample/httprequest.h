// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aviary {

// As much of an HTTP/1.x request as the sample service looks at.
struct HttpRequest {
    std::string path; // without the query
    bool keep_alive = true;
    bool head_only = false; // HEAD: the answer has no body
    std::size_t size = 0;   // bytes of the whole request in the buffer, with its body
    bool understood = true; // false: answer 400 and close
};

inline constexpr std::size_t request_bytes_max = 64 * 1024;

// The first request in `buffer`; none while it is not complete. Total: any bytes give an answer.
std::optional<HttpRequest> firstRequest(std::string_view buffer);

} // namespace aviary
