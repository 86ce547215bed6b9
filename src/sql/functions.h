// SPDX-License-Identifier: Apache-2.0
// The SQL functions of our own (listed in sql/database.h). Owned by the database's thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "sql/sqlite.h"
#include "world/world.h"

namespace bulkhead::sql {

struct FunctionSources {
    std::function<Result<const world::World*>()> current_world;  // asked at each call: a guest in another program may change worlds
    std::map<std::string, std::string> params;                   // what param() gives
};

// REQUIRES: the sources outlive the connection.
bool register_functions(sqlite3* database, const FunctionSources& sources);

}  // namespace bulkhead::sql
