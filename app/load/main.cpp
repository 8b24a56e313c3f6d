// SPDX-License-Identifier: GPL-3.0-or-later
// aviary-load: a steady stream of requests, and what came back, counted by revision.
#include "app/load/loadrun.h"

#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace {

std::string ipv4(const std::string &text) {
    in_addr address{};
    return ::inet_pton(AF_INET, text.c_str(), &address) == 1 ? "" : "give an IPv4 address";
}

std::string plainPath(const std::string &text) {
    const bool plain = text.starts_with('/') && text.size() <= 2'000 &&
                       std::all_of(text.begin(), text.end(), [](char c) { return c > ' '; });
    return plain ? "" : "give a path that begins with / and has no spaces";
}

} // namespace

int main(int argc, char **argv) {
    aviary::LoadOptions options;
    CLI::App app{"Sends a steady stream of GET requests and counts what comes back, by revision.\n"
                 "Prints one line of JSON. Exit 0: nothing was lost; 1: a request was lost."};
    app.add_option("--host", options.host, "IPv4 address")->check(ipv4);
    app.add_option("--port", options.port, "Port")->required();
    app.add_option("--path", options.path, "Path")->check(plainPath);
    app.add_option("--rate", options.rate, "Requests a second; 0: as fast as it goes")
        ->check(CLI::Range(0.0, 1e6));
    app.add_option("--connections", options.connections, "Connections, kept alive")
        ->check(CLI::Range(1U, 10'000U));
    app.add_option("--requests", options.requests_max, "Stop after so many; 0: no limit");
    app.add_option("--time", options.time_ms_max, "Stop after so many milliseconds; 0: no limit")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--timeout", options.timeout_ms, "Milliseconds until an answer counts as lost")
        ->check(CLI::PositiveNumber);
    app.add_option("--revision-header", options.revision_header, "Header that tells the revision");
    CLI11_PARSE(app, argc, argv);
    aviary::LoadRun load(options);
    const std::string tally = load.run();
    std::printf("%s\n", tally.c_str());
    return load.lostNone() ? 0 : 1;
}
