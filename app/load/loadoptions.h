// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace aviary {

struct LoadOptions {
    std::string host = "127.0.0.1"; // an IPv4 address
    std::uint16_t port = 0;
    std::string path = "/";
    double rate = 200.0;            // requests a second, begun on time whatever the answers do;
                                    // 0: as fast as the connections go
    std::uint32_t connections = 8;  // kept alive; a request waits when all are busy
    std::uint64_t requests_max = 0; // 0: no limit
    std::int64_t time_ms_max = 0;   // 0: no limit
    std::int64_t timeout_ms = 5'000;
    std::string revision_header = "X-Revision";
};

} // namespace aviary
