// SPDX-License-Identifier: Apache-2.0
// Whether an engine would take a new daemon.json: by its own `dockerd --validate` (since 23.0), and before that by the names and kinds of
// the settings. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::fix {

inline constexpr int validate_since_major = 23;
inline constexpr int validate_time_max_ms = 15'000;

// Each member is a setting that is known, of the kind that it should be, and none is a flag only. Members that `before` had too and that
// are not known here are let pass: the engine runs with them.
Result<void> check_settings(std::string_view before, std::string_view after);

// Runs the program with `--validate --config-file FILE`. It is run only where root alone could have written it.
// unsupported: not run, and why; invalid_input: what it said.
Result<void> run_validate(const std::string& program, const std::string& file);

}  // namespace bulkhead::fix
