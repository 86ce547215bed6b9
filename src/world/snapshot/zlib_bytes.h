// SPDX-License-Identifier: Apache-2.0
// zlib streams of bounded size (RFC 1950). Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

inline constexpr std::size_t snapshot_reading_bytes_max = 128UL << 20U;

Result<std::string> deflate_bytes(std::string_view bytes);
Result<std::string> inflate_bytes(std::string_view bytes, std::size_t size);  // corrupt unless it ends after exactly `size` bytes

}  // namespace bulkhead::world
