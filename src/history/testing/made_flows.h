// SPDX-License-Identifier: Apache-2.0
// Made-up flows, for tests and for bench/history.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "flow/observed.h"

namespace bulkhead::history {

inline packet::Address v4(std::uint32_t address) {
    packet::Address out{};
    out[10] = out[11] = 0xff;
    for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(12 + i)] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
    return out;
}

inline flow::IdentityPtr container_named(const std::string& name, const std::string& project = "shop") {
    auto identity = std::make_shared<flow::Identity>();
    identity->who = flow::Who::container;
    identity->container_id = std::string(64 - name.size() % 16, 'a') + std::string(name.size() % 16, 'b');
    identity->container = project + "-" + name + "-1";
    identity->image = "shop/" + name + ":1";
    identity->project = project;
    identity->service = name;
    identity->network = project + "_default";
    identity->node = "host";
    identity->labels = {{"com.docker.compose.project", project}, {"com.docker.compose.service", name}};
    return identity;
}

inline void set_ends(flow::Record& record, const packet::Address& source, std::uint16_t source_port, const packet::Address& destination,
                     std::uint16_t destination_port, std::uint8_t protocol) {
    const int order = flow::order_of(source, destination);
    record.source_is_low = order < 0 || (order == 0 && source_port <= destination_port);
    record.key.low = record.source_is_low ? source : destination;
    record.key.high = record.source_is_low ? destination : source;
    record.key.low_port = record.source_is_low ? source_port : destination_port;
    record.key.high_port = record.source_is_low ? destination_port : source_port;
    record.key.network_and_protocol = record.key.network_and_protocol >> 8U << 8U | protocol;
}

// A closed TCP connection of a few packets, 10.0.0.1:40000 -> 10.0.0.2:80, web -> api.
inline flow::Observed made_flow(std::int64_t end_ns) {
    static const flow::IdentityPtr web = container_named("web"), api = container_named("api");
    flow::Observed out;
    set_ends(out.record, v4(0x0a000001), 40'000, v4(0x0a000002), 80, packet::protocol::tcp);
    out.record.last_ns = end_ns;
    out.record.first_ns = end_ns - 2'345'000;
    out.record.source_certain = true;
    out.record.end = flow::End::closed;
    out.record.closed_by = flow::Side::source;
    out.record.sent[0] = {.packets = 6, .bytes = 620, .payload_bytes = 200, .tcp_flags = 0x1b};
    out.record.sent[1] = {.packets = 5, .bytes = 4'210, .payload_bytes = 3'880, .tcp_flags = 0x1b};
    out.record.handshake_ns = 85'000;
    out.record.round_trip[0] = {40'000, 40'000, 1};
    out.record.round_trip[1] = {45'000, 45'000, 1};
    out.source.identity = web;
    out.destination.identity = api;
    out.network = "shop_default";
    out.node = "host";
    return out;
}

inline constexpr std::int64_t test_day_ms = 1'795'305'600'000;  // 2026-11-22T00:00:00Z
inline constexpr std::int64_t test_noon_ms = test_day_ms + 43'200'000;
inline constexpr std::int64_t ns_in_ms = 1'000'000;

}  // namespace bulkhead::history
