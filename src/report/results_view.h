// SPDX-License-Identifier: Apache-2.0
// The results of one control as lines for people: status, resource and reason, and the evidence under it, or beside it where the
// terminal is wide.
#pragma once

#include <ostream>
#include <string>

#include "report/counts.h"
#include "report/style.h"

namespace bulkhead::report {

// `rails` stands at the start of each line (the tree's lines), `rails_columns` is its width.
void write_results(const Node& control, const std::string& rails, std::size_t rails_columns, const RenderOptions& options, std::ostream& out);

inline constexpr std::size_t wide_columns_min = 140;  // from here on the evidence stands beside the reason

}  // namespace bulkhead::report
