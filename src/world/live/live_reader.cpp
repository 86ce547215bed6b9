// SPDX-License-Identifier: Apache-2.0
#include "world/live/live_reader.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "world/live/ask.h"
#include "world/live/engine_process.h"
#include "world/live/files.h"
#include "world/live/netlink.h"
#include "world/live/netns.h"
#include "world/live/probe.h"
#include "world/live/program.h"
#include "world/redact.h"

namespace bulkhead::world {

namespace {

struct Place {
    std::int64_t root_pid = 0;
    std::int64_t netns_pid = 0;
};

Result<Place> parse_place(const std::string& place) {
    if (place.empty()) return Place{};
    const std::size_t colon = place.find(':');
    const auto pid = text::to_integer(colon == std::string::npos ? std::string_view() : std::string_view(place).substr(colon + 1));
    if (pid && *pid > 0 && place.starts_with("root:")) return Place{*pid, 0};
    if (pid && *pid > 0 && place.starts_with("netns:")) return Place{0, *pid};
    return fail(Code::internal, "not a place: " + place);
}

// Below /proc/PID a missing file means that the process is gone; both are proofs of absence.
Outcome outcome_of(Code code) {
    switch (code) {
        case Code::not_found: return Outcome::absent;
        case Code::permission_denied: return Outcome::denied;
        default: return Outcome::failed;
    }
}

}  // namespace

LiveReader::LiveReader(LiveOptions options)
    : options_(std::move(options)),
      client_(std::make_unique<EngineClient>(options_.engine)),
      registries_(std::make_unique<RegistryClient>(options_.registries)),
      started_at_(now_ms()) {}

LiveReader::~LiveReader() = default;

Reading LiveReader::read(const Request& request) {
    if (request.kind == Kind::engine) return read_engine(request);
    if (request.kind == Kind::registry) return registries_->get(request.target);
    Reading reading{locator(request), Outcome::present, "", "", now_ms()};
    auto bytes = read_host(request);
    if (bytes) {
        reading.bytes = std::move(*bytes);
        return reading;
    }
    reading.outcome = outcome_of(bytes.error().code);
    reading.reason = bytes.error().message;
    // Not finding the engine, a namespace or a program is no proof that there is nothing to find.
    const bool proves_absence = request.kind == Kind::file || request.kind == Kind::directory || request.kind == Kind::link || request.kind == Kind::stat ||
                                request.kind == Kind::namespaces || request.kind == Kind::socket_inodes ||
                                (request.kind == Kind::netlink && request.target.starts_with("audit_"));
    if (reading.outcome == Outcome::absent && !proves_absence) reading.outcome = Outcome::failed;
    return reading;
}

Result<std::unique_ptr<ByteStream>> LiveReader::open_image(const std::string& id) { return client_->stream("/images/" + id + "/get"); }

Result<std::unique_ptr<EngineStream>> LiveReader::follow_events(UnixMs since, std::string_view filters) {
    std::string target = fmt::format("/events?since={}.{:03}", since / 1000, since % 1000);
    if (!filters.empty()) target += "&filters=";
    for (const char c : filters) target += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return client_->follow(target);
}

Reading LiveReader::read_engine(const Request& request) {
    Reading reading = client_->get(request.target);
    reading.locator = locator(request);
    if (!reading.present() || options_.show_values) return reading;
    auto redacted = redact(request.target, reading.bytes);
    if (redacted) {
        reading.bytes = std::move(*redacted);
    } else {
        reading.outcome = Outcome::failed;
        reading.reason = "the engine's answer is " + redacted.error().message;
        reading.bytes.clear();
    }
    return reading;
}

Result<std::string> LiveReader::read_host(const Request& request) const {
    const auto place = parse_place(request.place);
    if (!place) return std::unexpected(place.error());
    const auto visit = NetnsVisit::enter(place->netns_pid);
    if (!visit) return std::unexpected(visit.error());
    const auto pid = text::to_integer(request.target).value_or(0);
    const bool needs_pid = request.kind == Kind::namespaces || request.kind == Kind::socket_inodes;
    if (needs_pid && pid <= 0) return fail(Code::invalid_input, "not a process: " + text::printable(request.target));
    switch (request.kind) {
        case Kind::file: return read_file(request.target, place->root_pid);
        case Kind::directory: return read_directory(request.target, place->root_pid);
        case Kind::link: return read_link(request.target, place->root_pid);
        case Kind::stat: return read_stat(request.target, place->root_pid);
        case Kind::namespaces: return read_namespaces(pid);
        case Kind::socket_inodes: return read_socket_inodes(pid);
        case Kind::program: return run_program(request.target);
        case Kind::netlink: return dump(request.target);
        case Kind::banner:
            if (!options_.probe) return fail(Code::unsupported, std::string(not_probed));
            return request.target.starts_with("tcp:") ? probe_banner(request.target) : ask(request.target);
        case Kind::latency: return options_.probe ? probe_latency(request.target) : fail(Code::unsupported, std::string(not_probed));
        case Kind::engine_process:
            if (!options_.engine.is_unix()) {
                return fail(Code::unavailable, "the engine is on another host: run bulkhead there, or audit a snapshot taken there (--from FILE)");
            }
            return find_engine_process(options_.engine.unix_path);
        case Kind::image:
        case Kind::image_layer: return fail(Code::unsupported, "the content of images is read by the room image");
        case Kind::history: return fail(Code::unavailable, std::string(no_history) + " is kept here");
        case Kind::engine:
        case Kind::registry: break;
    }
    return fail(Code::internal, "no such kind of reading");
}

}  // namespace bulkhead::world
