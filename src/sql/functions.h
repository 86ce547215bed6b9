// SPDX-License-Identifier: Apache-2.0
// The SQL functions of our own (listed in sql/database.h). Owned by the database's thread.
#pragma once

#include <sqlite3.h>

#include <map>
#include <string>

#include "world/world.h"

namespace bulkhead::sql {

// REQUIRES: both outlive the database. `params` are what param() gives, read at each call.
bool register_functions(sqlite3* database, const world::World& world, const std::map<std::string, std::string>& params);

}  // namespace bulkhead::sql
