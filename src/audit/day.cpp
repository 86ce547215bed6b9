// SPDX-License-Identifier: Apache-2.0
#include "audit/day.h"

namespace bulkhead::audit {

std::optional<UnixMs> parse_day(const std::string& text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto time = parse_rfc3339(text + "T00:00:00Z");
    // A day that does not exist comes back as another.
    if (!time || rfc3339(*time).substr(0, 10) != text) return std::nullopt;
    return time;
}

}  // namespace bulkhead::audit
