// SPDX-License-Identifier: Apache-2.0
// The files a process has mapped, from /proc/PID/maps (proc_pid_maps(5)): its program and its libraries, whatever they are called in its
// arguments. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

inline constexpr std::size_t mapped_files_max = 10'000;

// Each path once, in the order of the map; without what is no file ([heap], anonymous memory).
Result<std::vector<std::string>> parse_mapped_files(std::string_view bytes);

}  // namespace bulkhead::host
