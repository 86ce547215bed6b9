// SPDX-License-Identifier: Apache-2.0
// The resource limits of a process, from /proc/PID/limits (proc_pid_limits(5), setrlimit(2)). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

struct ProcessLimit {
    std::string name;                        // as in Docker's ulimits: nofile, nproc, core, ...
    std::optional<std::int64_t> soft, hard;  // nothing: unlimited
};

// Limits of a name that Docker has none for are left out. corrupt: a line that is none.
Result<std::vector<ProcessLimit>> parse_process_limits(std::string_view bytes);

}  // namespace bulkhead::host
