// SPDX-License-Identifier: Apache-2.0
// bulkhead.so, for the sqlite3 shell (.load build/bulkhead) and for any program that loads extensions of SQLite: all tables and functions of
// bulkhead in that program's connection. The entry point is the only symbol that is seen from outside (src/extension/exported).
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>

#include "extension/guest.h"
#include "sql/sqlite.h"

// Not the macro of sqlite3ext.h for it, which leaves the variable for all to see.
const sqlite3_api_routines* sqlite3_api = nullptr;

namespace bulkhead::extension {

namespace {

// The oldest that has what the views use: -> and ->>, iif.
constexpr int sqlite_version_min = 3'038'000;

std::optional<std::string> environment(const std::string& variable) {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

bool is_here_already(sqlite3* connection) {
    sqlite3_stmt* statement = nullptr;
    const bool known = sqlite3_prepare_v2(connection, "select bulkhead_failures()", -1, &statement, nullptr) == SQLITE_OK;
    sqlite3_finalize(statement);
    return known;
}

int refuse(char** error, const std::string& message) {
    if (error != nullptr) *error = sqlite3_mprintf("bulkhead: %s", message.c_str());
    return SQLITE_ERROR;
}

int load(sqlite3* connection, char** error, const sqlite3_api_routines* api) {
    // Before anything of the table is called that an old SQLite does not have.
    if (api->libversion_number() < sqlite_version_min) {
        if (error != nullptr) *error = api->mprintf("bulkhead: SQLite 3.38 or newer is needed; this is %s", api->libversion());
        return SQLITE_ERROR;
    }
    if (sqlite3_api != nullptr && sqlite3_api->libversion != api->libversion) {
        if (error != nullptr) *error = api->mprintf("bulkhead: another SQLite of this process has loaded it already; there can be one");
        return SQLITE_ERROR;
    }
    sqlite3_api = api;
    // What was left of other connections stays: the threads and libraries of a world do not end with one.
    if (is_here_already(connection)) return SQLITE_OK_LOAD_PERMANENTLY;
    if (auto entered = Guest::enter(connection, environment); !entered) return refuse(error, entered.error().message);
    return SQLITE_OK_LOAD_PERMANENTLY;
}

}  // namespace

}  // namespace bulkhead::extension

extern "C" __attribute__((visibility("default"))) int sqlite3_bulkhead_init(sqlite3* connection, char** error, const sqlite3_api_routines* api) {
    try {
        return bulkhead::extension::load(connection, error, api);
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    } catch (...) {
        return SQLITE_INTERNAL;
    }
}
