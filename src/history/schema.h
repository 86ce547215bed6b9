// SPDX-License-Identifier: Apache-2.0
// The tables of the history's files, as SQL, and names of files. Times are microseconds or milliseconds as the column's name says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::history {

inline constexpr int format_version = 1;
inline constexpr std::int64_t us_per_day = 86'400'000'000;
inline constexpr std::int64_t ms_per_day = 86'400'000;
inline constexpr std::string_view index_name = "index.sqlite";
inline constexpr std::string_view lock_name = "writer.lock";

// Exchanges of a flow are numbered within it: id of a request = id of its flow << exchange_bits | number.
inline constexpr int exchange_bits = 6;

// Bits of flow.state, above the End (3 bits) and the Side that closed (2 bits).
namespace state_bit {
inline constexpr int closed_by_shift = 3;
inline constexpr std::int64_t http = 1 << 5, dns = 1 << 6, tls = 1 << 7, more = 1 << 8, l7 = 1 << 9;
}  // namespace state_bit

// Bits of conversation.traits.
namespace trait_bit {
inline constexpr std::int64_t tunnelled = 1, userland_proxy = 2, source_certain = 4;
}

extern const char* const day_schema;
extern const char* const index_schema;

std::int64_t day_of_ns(std::int64_t unix_ns);                    // days since 1970, rounded down
std::string day_text(std::int64_t day);                          // "20261122"
std::string day_file_name(std::int64_t day);                     // "flows-20261122.sqlite"
std::optional<std::int64_t> day_of_file(std::string_view name);  // nothing where it is no such name

}  // namespace bulkhead::history
