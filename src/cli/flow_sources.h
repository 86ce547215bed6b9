// SPDX-License-Identifier: Apache-2.0
// Who opens which source of flows (flow/flow_source.h). Each lives in a file of its own: flow_source_<what>.cpp. Owned by the main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "flow/filter.h"
#include "flow/flow_source.h"

namespace bulkhead::cli {

using FlowSourcePtr = std::unique_ptr<flow::FlowSource>;

// Gives a record its meaning: who its ends are, which network it was on.
using NameFlow = std::function<flow::Observed(const flow::Record&)>;

struct CaptureInput {
    std::string path;
    std::vector<std::uint16_t> vxlan_ports;
    std::size_t flows_max = 1'000'000;
    std::string esp_keys;                              // a file of them (packet/esp.h); empty: what is sealed stays so
    NameFlow name;                                     // empty: nobody is named
    std::function<void(const std::string&)> progress;  // told now and then how far it is; may be empty
};
// A capture file: flows as they end, all that are left at the file's end.
Result<FlowSourcePtr> open_capture_flows(CaptureInput input);

// Flows as `observe --format jsonl` wrote them; "-" is standard input. A line that is none ends it with an error that names it.
Result<FlowSourcePtr> open_flow_file(const std::string& path);

// What an agent (`bulkhead serve`) kept, as far as the filter's times reach. With follow, also what it goes on to write.
// not_found: there is no history in the folder.
enum class Following : std::uint8_t { no, yes };
Result<FlowSourcePtr> open_history_flows(const std::string& folder, const flow::Filter& filter, Following following);

// This host as it runs. Needs root, and that no agent meters already.
Result<FlowSourcePtr> open_live_flows(const GlobalOptions& global);

}  // namespace bulkhead::cli
