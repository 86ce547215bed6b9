// SPDX-License-Identifier: Apache-2.0
// A flow out of the JSON that observed_text.h writes. Labels and what only the engine of packets remembers are not in it; times are
// exact to the millisecond. Bounded; never more than one line is looked at. Pure.
#pragma once

#include <string_view>

#include "base/result.h"
#include "flow/observed.h"

namespace bulkhead::flow {

inline constexpr std::size_t flow_line_bytes_max = 1 << 20;

// invalid_input: it is JSON and no flow, of another schema, or lacks what each flow has; corrupt, limit_exceeded: it is no JSON.
Result<Observed> parse_observed(std::string_view line);

}  // namespace bulkhead::flow
