// SPDX-License-Identifier: Apache-2.0
// What the history keeps besides flows: lives of containers, what could not be seen, and the datapath's own counters. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace bulkhead::history {

struct ContainerEvent {
    enum class What : std::uint8_t { born, died };
    UnixMs time_ms = 0;
    What what = What::born;
    std::string container_id;
    std::string container;  // name without the leading slash
    std::string image;
    std::string project, service;
    int exit_code = -1;   // of `died`; -1 is not known
    std::string inspect;  // the engine's JSON as the caller read it, secrets taken out; empty: it was gone already
};
std::string_view name(ContainerEvent::What what);

// A time in which something was not seen or not kept.
struct BlindSpot {
    UnixMs from_ms = 0, until_ms = 0;
    std::string cause;       // snake_case: "queue_full", "ring_full", "not_attached", ...
    std::string place;       // where, if it is not everywhere: an interface, a container's name
    std::int64_t count = 0;  // flows, packets or events that are missing, as far as they could be counted
    std::string detail;      // for people
};

// Absolute values at a time, as the datapath counts them since its start.
struct DatapathCounters {
    UnixMs time_ms = 0;
    std::string source;  // an interface, "ring", "table", "agent"
    std::vector<std::pair<std::string, std::uint64_t>> values;
};

}  // namespace bulkhead::history
