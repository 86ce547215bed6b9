// SPDX-License-Identifier: Apache-2.0
// Who had which address, by a snapshot, for captures that were made beside it. Owned by the main thread.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/flow_sources.h"

namespace bulkhead::cli {

// Complains of what the snapshot could not tell. The snapshot's own errors.
Result<NameFlow> naming_of(const std::string& snapshot);

}  // namespace bulkhead::cli
