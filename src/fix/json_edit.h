// SPDX-License-Identifier: Apache-2.0
// daemon.json with one setting changed: order of keys, indentation and everything else stay as they are. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::fix {

inline constexpr std::size_t daemon_json_bytes_max = 1UL << 20U;

// `value` is JSON. An empty text is an object without members. The text itself where it already says so. corrupt: not a JSON object;
// unsupported: cannot be changed safely (a key that is given twice).
Result<std::string> set_member(std::string_view text, const std::string& key, const std::string& value);
Result<std::string> remove_member(std::string_view text, const std::string& key);

}  // namespace bulkhead::fix
