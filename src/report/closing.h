// SPDX-License-Identifier: Apache-2.0
// The end of every report for people: the counts, and what could not be seen. Blindness is never left out.
#pragma once

#include <ostream>
#include <string>

#include "report/counts.h"
#include "report/style.h"

namespace bulkhead::report {

std::string counts_line(const Counts& counts, const Style& style);  // "2 alarm, 0 error, 1 unknown, 0 info, 0 skip, 5 ok"
void write_blind_spots(const audit::Audit& audit, const RenderOptions& options, const Style& style, std::ostream& out);

}  // namespace bulkhead::report
