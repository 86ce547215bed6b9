// SPDX-License-Identifier: Apache-2.0
// What an agent counts, as Prometheus reads it (text exposition format, version 0.0.4) and as JSON for `bulkhead status`. Pure.
#pragma once

#include <string>
#include <string_view>

#include "agent/agent_status.h"
#include "base/clock.h"
#include "history/writer.h"

namespace bulkhead::agent {

struct ServiceStatus {
    std::string version;
    UnixMs started_ms = 0, now_ms = 0;
    AgentStatus agent;
    history::WriterStatus history;
    std::string history_folder;
    std::uint64_t reloads = 0;
    std::string last_reload_error;  // empty: the last one went well
};

inline constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_text(const ServiceStatus& status);
std::string status_json(const ServiceStatus& status);

}  // namespace bulkhead::agent
