// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/load/tally.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace aviary {
namespace {

constexpr std::size_t names_max = 64; // revisions come from outside

std::string quoted(const std::string &text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
    return result + '"';
}

std::string quoted(int number) {
    return '"' + std::to_string(number) + '"';
}

template <class Key>
std::string object(const std::map<Key, std::uint64_t> &counts) {
    std::string text = "{";
    for (const auto &[key, count] : counts) {
        text += (text.size() > 1 ? "," : "") + quoted(key) + ':' + std::to_string(count);
    }
    return text + '}';
}

std::string decimal(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f", value);
    return text.data();
}

} // namespace

void Tally::answered(int status, const std::string &revision, std::int64_t latency_us) {
    ++answers_;
    ++by_status_[status];
    const bool known = by_revision_.contains(revision) || by_revision_.size() < names_max;
    ++by_revision_[known ? revision : "(others)"];
    latency_us_max_ = std::max(latency_us_max_, latency_us);
    const double octaves = std::log2(static_cast<double>(std::max<std::int64_t>(1, latency_us)));
    const auto bucket = static_cast<std::size_t>(octaves * buckets_per_octave);
    ++latencies_[std::min(bucket, latencies_.size() - 1)];
}

void Tally::lost(const std::string &why) {
    ++losses_;
    ++by_cause_[why];
}

double Tally::latencyMs(double share) const {
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(answers_) * share));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < latencies_.size(); ++bucket) {
        seen += latencies_[bucket];
        if (seen >= wanted && seen > 0) {
            const double upper_us = std::exp2(static_cast<double>(bucket + 1) / buckets_per_octave);
            return std::min(upper_us, static_cast<double>(latency_us_max_)) / 1000;
        }
    }
    return 0;
}

std::string Tally::json(std::uint64_t sent, std::int64_t elapsed_ms) const {
    return "{\"sent\":" + std::to_string(sent) + ",\"answered\":" + std::to_string(answers_) +
           ",\"lost\":" + std::to_string(losses_) + ",\"by_revision\":" + object(by_revision_) +
           ",\"by_status\":" + object(by_status_) + ",\"lost_by_cause\":" + object(by_cause_) +
           ",\"elapsed_ms\":" + std::to_string(elapsed_ms) +
           ",\"latency_ms\":{\"p50\":" + decimal(latencyMs(0.5)) +
           ",\"p90\":" + decimal(latencyMs(0.9)) + ",\"p99\":" + decimal(latencyMs(0.99)) +
           ",\"max\":" + decimal(static_cast<double>(latency_us_max_) / 1000) + "}}";
}

} // namespace aviary
