// SPDX-License-Identifier: Apache-2.0
// The engine's buffer of past events (256 of them in moby): GET /events, one JSON object a line. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fields.h"

namespace bulkhead::engine {

struct Event {
    std::string type;    // container, network, image, volume, daemon, node, service, secret, config, ...
    std::string action;  // "start", "exec_create: sh -c id", ...
    std::string actor_id;
    TextMap attributes;
    std::string scope;           // local, swarm
    std::int64_t time = 0;       // unix seconds
    std::int64_t time_nano = 0;  // unix nanoseconds

    [[nodiscard]] std::int64_t time_ms() const { return time_nano != 0 ? time_nano / 1'000'000 : time * 1000; }
    [[nodiscard]] std::string attribute(const std::string& key) const;
};

// corrupt where a line is not an event; an empty buffer is no events.
Result<std::vector<Event>> parse_events(std::string_view bytes);

}  // namespace bulkhead::engine
