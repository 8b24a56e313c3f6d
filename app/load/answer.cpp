// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/load/answer.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace aviary {
namespace {

constexpr std::size_t head_bytes_max = 64 * 1024;

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

template <class Number>
std::optional<Number> number(std::string_view text, int base = 10) {
    Number value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return read.ec == std::errc{} ? std::optional(value) : std::nullopt;
}

// Length of a chunked body at the start of `body`; none while it is not complete.
std::optional<std::size_t> chunkedSize(std::string_view body) {
    std::size_t at = 0;
    while (true) {
        const std::size_t line_end = body.find("\r\n", at);
        if (line_end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto chunk = number<std::uint32_t>(body.substr(at, line_end - at), 16);
        at = line_end + 2 + chunk.value_or(0) + 2; // the last chunk is empty and ends alike
        if (at > body.size()) {
            return std::nullopt;
        }
        if (chunk.value_or(0) == 0) {
            return at;
        }
    }
}

struct Head {
    Answer answer;
    std::optional<std::size_t> length;
    bool chunked = false;
};

void readHeader(std::string_view line, const std::string &revision_header, Head &head) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return;
    }
    const std::string name = lower(line.substr(0, colon));
    line.remove_prefix(colon + 1);
    while (line.starts_with(' ')) {
        line.remove_prefix(1);
    }
    if (name == revision_header) {
        head.answer.revision = line;
    } else if (name == "content-length") {
        head.length = number<std::size_t>(line);
    } else if (name == "connection") {
        head.answer.keep_alive = lower(line) != "close";
    } else if (name == "transfer-encoding") {
        head.chunked = lower(line) == "chunked";
    }
}

} // namespace

std::optional<Answer> readAnswer(std::string_view buffer, std::string_view revision_header) {
    const std::size_t end = buffer.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return buffer.size() > head_bytes_max ? std::optional(Answer{}) : std::nullopt;
    }
    std::string_view lines = buffer.substr(0, end);
    if (!lines.starts_with("HTTP/1.") || lines.size() < 12) {
        return Answer{};
    }
    Head head;
    head.answer.status = number<int>(lines.substr(9, 3)).value_or(0);
    const std::string header = lower(revision_header);
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(std::min(lines.size(), line.size() + 2));
        readHeader(line, header, head);
    }
    const std::string_view body = buffer.substr(end + 4);
    const bool no_body = head.answer.status == 204 || head.answer.status == 304;
    const std::optional<std::size_t> size = no_body        ? 0
                                            : head.chunked ? chunkedSize(body)
                                                           : head.length;
    if (!size) {
        head.answer.to_the_end = !head.chunked;
        head.answer.size = buffer.size();
        return head.chunked ? std::nullopt : std::optional(head.answer);
    }
    head.answer.size = end + 4 + *size;
    return head.answer.size <= buffer.size() ? std::optional(head.answer) : std::nullopt;
}

} // namespace aviary
