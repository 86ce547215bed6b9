// SPDX-License-Identifier: Apache-2.0
// setting(name) and setting_has(name, value): what the user or the project decided, for controls to judge by. Owned by the database's thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "sql/sqlite.h"

namespace bulkhead::sql {

using Settings = std::map<std::string, std::string, std::less<>>;  // name -> value; lists are comma separated

inline constexpr int setting_words_max = 1000;  // in a list

// REQUIRES: the settings outlive the connection.
bool register_setting_functions(sqlite3* database, const Settings& settings);

}  // namespace bulkhead::sql
