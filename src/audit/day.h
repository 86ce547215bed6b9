// SPDX-License-Identifier: Apache-2.0
// Days as people write them in files they sign: YYYY-MM-DD, UTC. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"

namespace bulkhead::audit {

inline constexpr UnixMs day_ms = 86'400'000;

// The day's first moment; nothing where it is not written so or does not exist (30 February).
std::optional<UnixMs> parse_day(const std::string& text);

}  // namespace bulkhead::audit
