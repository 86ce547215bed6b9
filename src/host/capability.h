// SPDX-License-Identifier: Apache-2.0
// Capabilities by name, from the masks in /proc/PID/status (capabilities(7), linux/capability.h). Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bulkhead::host {

// "CAP_CHOWN", ... in order of number; one newer than this list is "CAP_41" and so on.
std::vector<std::string> capability_names(std::uint64_t mask);

}  // namespace bulkhead::host
