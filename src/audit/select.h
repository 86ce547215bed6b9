// SPDX-License-Identifier: Apache-2.0
// Which controls run, and which results are shown, of what the user asked for.
#pragma once

#include <vector>

#include "audit/run.h"

namespace bulkhead::audit {

struct Chosen {
    std::vector<const Control*> controls;  // each once, in natural order of ids
    std::vector<Benchmark> benchmarks;     // asked for, and all below them
};
bulkhead::Result<Chosen> choose(const Catalog& catalog, const Selection& selection);

// Leaves out the results that --where, --container and --project do not name. Owned by the database's thread.
bulkhead::Result<void> filter_results(std::vector<Result>& results, const Catalog& catalog, const Selection& selection, sql::Database& database);

}  // namespace bulkhead::audit
