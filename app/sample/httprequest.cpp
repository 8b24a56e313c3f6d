// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/httprequest.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace aviary {
namespace {

bool sameWord(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

HttpRequest refused(std::size_t size) {
    HttpRequest request;
    request.understood = false;
    request.keep_alive = false;
    request.size = size;
    return request;
}

// One header line; returns the length of the body that it announces.
std::optional<std::size_t> readHeader(std::string_view line, HttpRequest &request) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (sameWord(name, "connection")) {
        request.keep_alive =
            request.keep_alive ? !sameWord(value, "close") : sameWord(value, "keep-alive");
    }
    if (sameWord(name, "transfer-encoding")) {
        return std::nullopt; // chunked bodies are not for this service
    }
    std::size_t length = 0;
    if (sameWord(name, "content-length")) {
        const char *end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, length);
        if (read.ec != std::errc{} || read.ptr != end || length > request_bytes_max) {
            return std::nullopt;
        }
    }
    return length;
}

} // namespace

std::optional<HttpRequest> firstRequest(std::string_view buffer) {
    const std::size_t end = buffer.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return buffer.size() > request_bytes_max ? std::optional(refused(buffer.size()))
                                                 : std::nullopt;
    }
    std::string_view head = buffer.substr(0, end);
    std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || !line.ends_with("1")) {
        return refused(buffer.size()); // HTTP/1.1 is the only protocol spoken here
    }
    HttpRequest request;
    request.head_only = line.substr(0, first) == "HEAD";
    const std::string_view target = line.substr(first + 1, last - first - 1);
    request.path = target.substr(0, target.find('?'));
    std::size_t body = 0;
    while (!head.empty()) {
        line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(head.size(), line.size() + 2));
        const std::optional<std::size_t> length = readHeader(line, request);
        if (!length) {
            return refused(buffer.size());
        }
        body = std::max(body, *length);
    }
    request.size = end + 4 + body;
    return request.size <= buffer.size() ? std::optional(request) : std::nullopt;
}

} // namespace aviary
