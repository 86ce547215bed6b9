// SPDX-License-Identifier: Apache-2.0
// Ignores written as comments in build files (build/ignore.h), applied to results that have the dimensions file and line: an alarm or an
// info becomes skip with the reason, an ignore whose last day is over makes it an alarm, and a refused one changes nothing but is told.
#pragma once

#include <vector>

#include "audit/catalog.h"
#include "tables/facts.h"

namespace bulkhead::audit {

// invalid_input: an ignore for a control that there is not, or without reason or expiry. Owned by the facts' thread.
bulkhead::Result<void> apply_ignores(std::vector<Result>& results, const Catalog& catalog, tables::Facts& facts);

}  // namespace bulkhead::audit
