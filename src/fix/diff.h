// SPDX-License-Identifier: Apache-2.0
// Two texts as a unified diff, as `diff -u` and `patch` write and read it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace bulkhead::fix {

inline constexpr std::size_t diff_context_lines = 3;
inline constexpr std::size_t diff_distance_max = 2000;  // changed lines; where more differ, all between the first and the last is shown as changed

// Empty where nothing differs. Names are the two files'.
std::string unified_diff(std::string_view before, std::string_view after, const std::string& name_before, const std::string& name_after);

}  // namespace bulkhead::fix
