// SPDX-License-Identifier: Apache-2.0
// Runs one of the closed list of read-only programs (world::program_names) in the calling thread's network namespace: no shell,
// empty environment, no standard input, bounded in time and output. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr std::size_t program_output_bytes_max = 64UL << 20U;
inline constexpr int program_time_max_ms = 15'000;

Result<std::string> run_program(std::string_view name);  // standard output; a non-zero exit is an error with its last words

}  // namespace bulkhead::world
