// SPDX-License-Identifier: Apache-2.0
// The SQL functions of our own (listed in sql/database.h). Owned by the database's thread.
#pragma once

#include <sqlite3.h>

#include "world/world.h"

namespace bulkhead::sql {

bool register_functions(sqlite3* database, const world::World& world);

}  // namespace bulkhead::sql
