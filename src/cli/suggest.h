// SPDX-License-Identifier: Apache-2.0
// "did you mean": the known words nearest to one that is not known. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::cli {

std::size_t edit_distance(std::string_view a, std::string_view b);  // insertions, deletions, replacements and swaps of neighbours

// Up to three of `known`, nearest first; none where nothing is near enough to be what was meant.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

// "; did you mean csvs_3_1 or csvs_3_11?", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace bulkhead::cli
