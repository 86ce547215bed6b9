// SPDX-License-Identifier: Apache-2.0
// The charts of the HTML report: inline SVG, coloured by classes, with their figures as text for those who do not see them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/verdicts.h"

namespace bulkhead::report {

std::string donut(const Score& score);
// The shares of all statuses, the worst first; what is there at all is at least a sliver. Empty counts are an empty bar.
std::string status_bar(const Counts& counts);
// Lines of name, bar and number; the longest bar is the largest number. Names are made safe here.
std::string ranks(const std::vector<std::pair<std::string, std::size_t>>& lines, std::string_view fill);

}  // namespace bulkhead::report
