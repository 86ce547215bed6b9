// SPDX-License-Identifier: Apache-2.0
#include "world/reading.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace bulkhead::world {

namespace {

constexpr std::array kinds = {
    std::pair{Kind::engine, std::string_view("engine")},
    std::pair{Kind::engine_process, std::string_view("engine_process")},
    std::pair{Kind::file, std::string_view("file")},
    std::pair{Kind::directory, std::string_view("directory")},
    std::pair{Kind::link, std::string_view("link")},
    std::pair{Kind::stat, std::string_view("stat")},
    std::pair{Kind::namespaces, std::string_view("namespaces")},
    std::pair{Kind::socket_inodes, std::string_view("socket_inodes")},
    std::pair{Kind::program, std::string_view("program")},
    std::pair{Kind::netlink, std::string_view("netlink")},
    std::pair{Kind::banner, std::string_view("banner")},
    std::pair{Kind::latency, std::string_view("latency")},
    std::pair{Kind::registry, std::string_view("registry")},
    std::pair{Kind::image, std::string_view("image")},
    std::pair{Kind::image_layer, std::string_view("image_layer")},
    std::pair{Kind::history, std::string_view("history")},
};

constexpr std::array outcomes = {
    std::pair{Outcome::present, std::string_view("present")},
    std::pair{Outcome::absent, std::string_view("absent")},
    std::pair{Outcome::denied, std::string_view("denied")},
    std::pair{Outcome::failed, std::string_view("failed")},
};

std::string place(std::string_view what, std::int64_t pid) { return pid == 0 ? std::string() : std::string(what) + ":" + std::to_string(pid); }

bool is_place(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view what = text.substr(0, colon);
    return (what == "root" || what == "netns") && text::to_integer(text.substr(colon + 1)).has_value();
}

}  // namespace

Request engine_get(std::string target) { return {Kind::engine, std::move(target), ""}; }
Request engine_process() { return {Kind::engine_process, "", ""}; }
Request file_at(std::string path, std::int64_t root_pid) { return {Kind::file, std::move(path), place("root", root_pid)}; }
Request directory_at(std::string path, std::int64_t root_pid) { return {Kind::directory, std::move(path), place("root", root_pid)}; }
Request link_at(std::string path, std::int64_t root_pid) { return {Kind::link, std::move(path), place("root", root_pid)}; }
Request stat_at(std::string path, std::int64_t root_pid) { return {Kind::stat, std::move(path), place("root", root_pid)}; }
Request namespaces_of(std::int64_t pid) { return {Kind::namespaces, std::to_string(pid), ""}; }
Request socket_inodes_of(std::int64_t pid) { return {Kind::socket_inodes, std::to_string(pid), ""}; }
Request program_in(std::string_view name, std::int64_t netns_pid) { return {Kind::program, std::string(name), place("netns", netns_pid)}; }
Request netlink_in(std::string_view name, std::int64_t netns_pid) { return {Kind::netlink, std::string(name), place("netns", netns_pid)}; }

namespace {
std::string tcp_target(std::string_view address, int port) { return "tcp:[" + std::string(address) + "]:" + std::to_string(port); }
}  // namespace

Request banner_of(std::string_view address, int port, std::int64_t netns_pid) { return {Kind::banner, tcp_target(address, port), place("netns", netns_pid)}; }
Request latency_of(std::string_view address, int port, std::int64_t netns_pid) { return {Kind::latency, tcp_target(address, port), place("netns", netns_pid)}; }
Request image_content(std::string id) { return {Kind::image, std::move(id), ""}; }
Request image_layer(std::string digest) { return {Kind::image_layer, std::move(digest), ""}; }

Request history_of(std::string_view what, const std::map<std::string, std::string>& conditions) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:/";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string target(what);
    char before = '?';
    for (const auto& [key, value] : conditions) {
        target += before + key + '=';
        before = '&';
        for (const char byte : value) {
            if (plain.find(byte) != std::string_view::npos) {
                target += byte;
            } else {
                const auto number = static_cast<unsigned char>(byte);
                target += {'%', digits[number >> 4U], digits[number & 15U]};
            }
        }
    }
    return {Kind::history, std::move(target), ""};
}

Request registry_get(std::string url) { return {Kind::registry, std::move(url), ""}; }

std::string_view name(Kind kind) {
    for (const auto& [value, text] : kinds) {
        if (value == kind) return text;
    }
    return "engine";
}

std::string_view name(Outcome outcome) {
    for (const auto& [value, text] : outcomes) {
        if (value == outcome) return text;
    }
    return "failed";
}

Result<Outcome> parse_outcome(std::string_view text) {
    for (const auto& [value, known] : outcomes) {
        if (known == text) return value;
    }
    return fail(Code::invalid_input, "not an outcome: " + text::printable(text));
}

namespace {

// A path may end as if a place followed ("/srv/x@root:5"), or in the sign that says it does not: then an empty place closes it.
bool needs_closing(std::string_view target) {
    const std::size_t at = target.rfind('@');
    return at != std::string_view::npos && (at + 1 == target.size() || is_place(target.substr(at + 1)));
}

}  // namespace

std::string locator(const Request& request) {
    std::string out(name(request.kind));
    out += ':';
    out += request.target;
    if (!request.place.empty()) {
        out += '@';
        out += request.place;
    } else if (needs_closing(request.target)) {
        out += '@';
    }
    return out;
}

Result<Request> parse_locator(std::string_view locator) {
    const std::size_t colon = locator.find(':');
    if (colon == std::string_view::npos) return fail(Code::invalid_input, "not a locator: " + text::printable(locator));
    for (const auto& [kind, known] : kinds) {
        if (known != locator.substr(0, colon)) continue;
        std::string_view target = locator.substr(colon + 1);
        std::string_view where;
        if (target.ends_with('@')) return Request{kind, std::string(target.substr(0, target.size() - 1)), ""};
        if (const std::size_t at = target.rfind('@'); at != std::string_view::npos && is_place(target.substr(at + 1))) {
            where = target.substr(at + 1);
            target = target.substr(0, at);
        }
        return Request{kind, std::string(target), std::string(where)};
    }
    return fail(Code::invalid_input, "not a locator: " + text::printable(locator));
}

}  // namespace bulkhead::world
