// SPDX-License-Identifier: Apache-2.0
// One control: its SQL run, each row a Result. Owned by the database's thread.
#pragma once

#include <vector>

#include "audit/result.h"
#include "sql/database.h"

namespace bulkhead::audit {

// Never fails: what goes wrong is a result with status error. At least one result.
std::vector<Result> evaluate(const Control& control, sql::Database& database);

}  // namespace bulkhead::audit
