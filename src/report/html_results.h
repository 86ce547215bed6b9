// SPDX-License-Identifier: Apache-2.0
// The drill-down of the HTML report: groups, their controls, the controls' results, and the evidence of these. Bounded, so that the page of
// a thousand containers still opens at once: each control shows its worst results, and says how many of which status it leaves out.
#pragma once

#include <ostream>
#include <vector>

#include "report/counts.h"

namespace bulkhead::report {

inline constexpr std::size_t html_results_max = 8'000;        // in the whole page
inline constexpr std::size_t html_results_bytes = 3'600'000;  // of them all, shared out among controls as the results are

// The largest number of results a control may show, so that all together show at most `total_max`: small controls are shown whole.
std::size_t fair_share(std::vector<std::size_t> sizes, std::size_t total_max);

void write_html_tree(const audit::Audit& audit, const std::vector<Node>& roots, std::ostream& out);

}  // namespace bulkhead::report
