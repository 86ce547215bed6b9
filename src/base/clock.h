// SPDX-License-Identifier: Apache-2.0
// Times as milliseconds since the Unix epoch (UTC) and their RFC 3339 text. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead {

using UnixMs = std::int64_t;

UnixMs now_ms();
std::string rfc3339(UnixMs time);                            // "2026-11-22T12:00:00.123Z"
std::optional<UnixMs> parse_rfc3339(std::string_view text);  // the engine's form, with up to 9 digits of fraction and Z or an offset

}  // namespace bulkhead
