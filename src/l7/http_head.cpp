// SPDX-License-Identifier: Apache-2.0
#include "l7/http_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace bulkhead::l7 {

namespace {

// RFC 9110, WebDAV (RFC 4918 and others), UPnP.
constexpr std::array<std::string_view, 25> methods = {
    "GET",  "POST",   "PUT",       "HEAD",   "DELETE", "OPTIONS", "PATCH",  "CONNECT",  "TRACE",     "PROPFIND",    "MKCOL",      "COPY", "MOVE",
    "LOCK", "UNLOCK", "PROPPATCH", "REPORT", "SEARCH", "PURGE",   "NOTIFY", "M-SEARCH", "SUBSCRIBE", "UNSUBSCRIBE", "MKCALENDAR", "LINK"};

constexpr std::string_view ws = " \t\r";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(ws);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(ws) + 1 - begin);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is(std::string_view name, std::string_view lower_case) {
    return name.size() == lower_case.size() && std::equal(name.begin(), name.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

bool contains(std::string_view text, std::string_view lower_case) {
    return !std::ranges::search(text, lower_case, [](char a, char b) { return lower(a) == b; }).empty();
}

void take_length(HttpHead& head, std::string_view value) {
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc() || end != value.data() + value.size()) {
        head.bad_length = true;
        return;
    }
    head.two_lengths = head.two_lengths || (head.content_length && *head.content_length != length);
    head.content_length = length;
}

void take_field(HttpHead& head, std::string_view name, std::string_view value) {
    if (name.empty()) return;
    switch (lower(name[0])) {
        case 'h':
            if (is(name, "host") && head.host.empty()) head.host = value;
            break;
        case 'c':
            if (is(name, "content-length")) take_length(head, value);
            break;
        case 't':
            if (is(name, "transfer-encoding")) head.chunked = head.chunked || contains(value, "chunked");
            break;
        case 'u':
            if (is(name, "upgrade")) head.upgrade = value;
            break;
        case 's':
            if (is(name, "server")) head.server = value;
            break;
        case 'a':
            if (is(name, "authorization")) head.authorization = value;
            break;
        case 'l':
            if (is(name, "link")) head.says_wordpress = head.says_wordpress || contains(value, "api.w.org");
            break;
        case 'x':
            if (is(name, "x-powered-by")) head.powered_by = value;
            if (is(name, "x-elastic-product")) head.says_elasticsearch = true;
            if (is(name, "x-consul-index") || is(name, "x-consul-token")) head.says_consul = true;
            if (is(name, "x-pingback")) head.says_wordpress = head.says_wordpress || contains(value, "xmlrpc.php");
            break;
        default: break;
    }
}

bool take_status_line(HttpHead& head, std::string_view line) {
    head.version = line.substr(5, 3);
    if (line.size() < 12 || line[8] != ' ') return line.size() < 12;  // cut before the status: still a response
    const auto [end, error] = std::from_chars(line.data() + 9, line.data() + 12, head.status);
    return error == std::errc() && end == line.data() + 12 && head.status >= 100;
}

bool take_request_line(HttpHead& head, std::string_view line, bool whole) {
    const std::size_t blank = line.find(' ');
    head.is_request = true;
    head.method = line.substr(0, blank);
    if (!is_http_method(head.method)) return false;
    if (blank == std::string_view::npos) return !whole;
    head.target = line.substr(blank + 1);
    const std::size_t last = head.target.rfind(" HTTP/");
    if (last != std::string_view::npos) {
        head.version = head.target.substr(last + 6);
        head.target = head.target.substr(0, last);
    } else if (whole) {
        return false;  // HTTP/0.9 is not looked for
    }
    head.target = trimmed(head.target);
    return true;
}

}  // namespace

bool is_http_method(std::string_view word) { return std::ranges::find(methods, word) != methods.end(); }

std::optional<std::size_t> http_head_size(Span bytes) {
    if (bytes.empty()) return std::nullopt;
    const void* found = memmem(bytes.data(), bytes.size(), "\r\n\r\n", 4);
    if (found != nullptr) return static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data()) + 4;
    const void* bare = memmem(bytes.data(), bytes.size(), "\n\n", 2);  // some do
    if (bare != nullptr) return static_cast<std::size_t>(static_cast<const std::uint8_t*>(bare) - bytes.data()) + 2;
    return std::nullopt;
}

std::optional<HttpHead> parse_http_head(Span bytes) {
    std::string_view rest = text_of(bytes);
    HttpHead head;
    bool first = true;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const bool whole = end != std::string_view::npos;
        const std::string_view line = trimmed(rest.substr(0, end));
        rest = whole ? rest.substr(end + 1) : std::string_view();
        if (first) {
            first = false;
            if (line.starts_with("HTTP/1.") && line.size() >= 8 ? !take_status_line(head, line) : !take_request_line(head, line, whole)) return std::nullopt;
            continue;
        }
        if (line.empty()) break;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !whole) continue;  // a value that was cut is another value
        take_field(head, trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    if (first) return std::nullopt;
    head.two_lengths = head.two_lengths || (head.chunked && head.content_length);
    return head;
}

HttpTarget http_target(std::string_view target) {
    HttpTarget out;
    target = target.substr(0, target.find_first_of("?#"));
    const std::size_t scheme = target.find("://");
    if (scheme != std::string_view::npos && scheme > 0 && scheme < 8 && target[0] != '/') {
        const std::string_view rest = target.substr(scheme + 3);
        const std::size_t slash = rest.find('/');
        out.host = rest.substr(0, slash);
        out.host = out.host.substr(out.host.rfind('@') == std::string_view::npos ? 0 : out.host.rfind('@') + 1);
        out.path = slash == std::string_view::npos ? std::string_view("/") : rest.substr(slash);
        return out;
    }
    out.path = target;
    return out;
}

}  // namespace bulkhead::l7
