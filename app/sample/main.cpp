// SPDX-License-Identifier: GPL-3.0-or-later
// aviary-sample: a small HTTP service to roll out, good or bad as its options say.
#include "app/sample/sampleserver.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>

namespace {

// Both words go into header lines.
std::string plainWord(const std::string &word) {
    const bool plain = !word.empty() && word.size() <= 128 &&
                       word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789._:/@+-") == std::string::npos;
    return plain ? "" : "give 1 to 128 letters, digits or ._:/@+-";
}

void addOptions(CLI::App &app, aviary::Behaviour &behaviour) {
    app.add_option("--port", behaviour.port, "Port on 127.0.0.1; 0: a free one")->envname("PORT");
    app.add_option("--node", behaviour.node, "Name of the node it runs on")
        ->envname("NODE")
        ->check(plainWord);
    app.add_option("--revision", behaviour.revision, "Revision that it says it is")
        ->envname("REVISION")
        ->check(plainWord);
    app.add_option("--start-delay", behaviour.start_delay_ms, "Milliseconds until it is ready")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{86'400'000}));
    app.add_option("--start-delay-p95", behaviour.start_delay_p95_ms,
                   "19 of 20 nodes are ready by then: each draws its delay, around --start-delay")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{86'400'000}));
    app.add_option("--error-rate", behaviour.error_rate, "Share of answers that are 500 (0 to 1)")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--latency", behaviour.latency_ms, "Median time to answer, in milliseconds")
        ->check(CLI::Range(0.0, 600'000.0));
    app.add_option("--leak", behaviour.leak_mib_per_minute, "Memory lost, in MiB a minute")
        ->check(CLI::Range(0.0, 100'000.0));
    app.add_option("--exit-after", behaviour.exit_after_ms, "Crash after so many milliseconds")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{86'400'000}));
    app.add_flag("--fail-start", behaviour.fail_start, "Exit 1 instead of listening");
    app.add_option("--fail-start-rate", behaviour.fail_start_rate,
                   "Share of nodes on which it exits 1 instead of listening (0 to 1)")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--luck", behaviour.luck, "Other luck gives a node another start");
}

// What befalls this start: of the luck and the node alone, so that a start that is tried again
// fails again, and a run can be had again.
void drawStart(aviary::Behaviour &behaviour) {
    constexpr double sigmas_of_p95 = 1.6448536269514722;
    std::uint64_t seed = behaviour.luck;
    for (const char letter : behaviour.node) {
        seed = seed * 1'099'511'628'211ULL + static_cast<unsigned char>(letter);
    }
    std::mt19937_64 chance{seed};
    std::uniform_real_distribution<double> share(0.0, 1.0);
    behaviour.fail_start = behaviour.fail_start || share(chance) < behaviour.fail_start_rate;
    if (behaviour.start_delay_ms > 0 && behaviour.start_delay_p95_ms > behaviour.start_delay_ms) {
        const auto median_ms = static_cast<double>(behaviour.start_delay_ms);
        const auto p95_ms = static_cast<double>(behaviour.start_delay_p95_ms);
        std::lognormal_distribution<double> delay_ms(std::log(median_ms),
                                                     std::log(p95_ms / median_ms) / sigmas_of_p95);
        behaviour.start_delay_ms = std::llround(delay_ms(chance));
    }
}

} // namespace

int main(int argc, char **argv) {
    aviary::Behaviour behaviour;
    behaviour.node = "local";
    behaviour.revision = "v1";
    CLI::App app{"A small HTTP service to roll out, good or bad as its options say."};
    addOptions(app, behaviour);
    CLI11_PARSE(app, argc, argv);
    drawStart(behaviour);
    if (behaviour.fail_start) {
        std::fprintf(stderr, "aviary-sample: asked to fail at the start\n");
        return 1;
    }
    aviary::SampleServer server(behaviour);
    if (!server.listen()) {
        std::fprintf(stderr, "aviary-sample: cannot listen on 127.0.0.1:%u: %s\n",
                     static_cast<unsigned>(behaviour.port), std::strerror(errno));
        return 1;
    }
    std::printf("listening on 127.0.0.1:%u, %s on %s\n", static_cast<unsigned>(server.port()),
                behaviour.revision.c_str(), behaviour.node.c_str());
    std::fflush(stdout);
    return server.run();
}
