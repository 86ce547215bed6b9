// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fnmatch.h>
#include <sqlite3.h>

#include <algorithm>
#include <set>

#include "audit/select.h"
#include "world/snapshot/sqlite_handle.h"

namespace bulkhead::audit {

namespace {

std::string dimension(const Result& result, std::string_view name) {
    for (const auto& [key, value] : result.dimensions) {
        if (key == name) return value;
    }
    return {};
}

bool is_about(const Result& result, const std::string& wanted) {
    const std::string id = dimension(result, "container_id").empty() ? result.resource : dimension(result, "container_id");
    const std::string name = dimension(result, "container_name").empty() ? result.resource_name : dimension(result, "container_name");
    if (wanted.size() >= 4 && id.size() == 64 && id.starts_with(wanted)) return true;
    return fnmatch(wanted.c_str(), name.c_str(), 0) == 0;
}

std::string quote_sql(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

// Ids of the project's containers and networks, by the labels Compose and Swarm set.
bulkhead::Result<std::set<std::string>> project_resources(sql::Database& database, const std::string& project) {
    const std::string sql = fmt::format(
        "select container_id from docker_container_label where key in ('com.docker.compose.project', 'com.docker.stack.namespace') and value = {0} "
        "union select id from docker_network where labels ->> '$.\"com.docker.compose.project\"' = {0} or labels ->> '$.\"com.docker.stack.namespace\"' = {0}",
        quote_sql(project));
    const auto set = database.run(sql);
    if (!set) return std::unexpected(set.error());
    std::set<std::string> ids;
    for (const auto& row : set->rows) {
        if (const auto* id = std::get_if<std::string>(&row[0])) ids.insert(*id);
    }
    if (ids.empty()) return fail(Code::invalid_input, "no container or network belongs to the project '" + project + "'");
    return ids;
}

int authorize(void*, int action, const char*, const char*, const char*, const char*) {
    return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ? SQLITE_OK : SQLITE_DENY;
}

// --where sees one row per result; the answer is the set of row numbers that it holds for.
bulkhead::Result<std::set<std::size_t>> rows_where(const std::vector<Result>& results, const Catalog& catalog, const std::string& where) {
    sqlite3* raw = nullptr;
    sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const SqliteDatabase database(raw);
    sqlite3_exec(
        raw,
        "create table result(n integer, control text, resource text, resource_name text, status text, reason text, layer text, severity text, level integer)",
        nullptr, nullptr, nullptr);
    auto insert = sqlite_prepare(raw, "insert into result values (?,?,?,?,?,?,?,?,?)");
    if (!insert) return std::unexpected(insert.error());
    for (std::size_t i = 0; i < results.size(); ++i) {
        const Result& result = results[i];
        const Control* control = catalog.find_control(result.control);
        sqlite3_bind_int64(insert->get(), 1, static_cast<sqlite3_int64>(i));
        int at = 2;
        const std::string status(name(result.status));
        for (const std::string* text : {&result.control, &result.resource, &result.resource_name, &status, &result.reason, &result.layer}) {
            sqlite3_bind_text(insert->get(), at++, text->c_str(), -1, SQLITE_TRANSIENT);
        }
        sqlite3_bind_text(insert->get(), 8, control == nullptr ? "" : control->severity.c_str(), -1, SQLITE_TRANSIENT);
        sqlite3_bind_int(insert->get(), 9, control == nullptr ? 0 : *std::ranges::min_element(control->levels));
        sqlite3_step(insert->get());
        sqlite3_reset(insert->get());
    }
    sqlite3_set_authorizer(raw, authorize, nullptr);
    const std::string sql = "select n from result where (" + where + "\n)";
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    if (sqlite3_prepare_v2(raw, sql.c_str(), -1, &prepared, &rest) != SQLITE_OK) {
        return fail(Code::invalid_input,
                    fmt::format("--where: {}; columns: control, resource, resource_name, status, reason, layer, severity, level", sqlite3_errmsg(raw)));
    }
    const SqliteStatement select(prepared);
    if (*rest != '\0') return fail(Code::invalid_input, "--where: not a condition");
    std::set<std::size_t> rows;
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(prepared)) == SQLITE_ROW) rows.insert(static_cast<std::size_t>(sqlite3_column_int64(prepared, 0)));
    // A condition may close its parenthesis and go on: what it then yields need not be one of our rows.
    if (!rows.empty() && *rows.rbegin() >= results.size()) return fail(Code::invalid_input, "--where: not a condition");
    if (step != SQLITE_DONE) return fail(Code::invalid_input, std::string("--where: ") + sqlite3_errmsg(raw));
    return rows;
}

}  // namespace

bulkhead::Result<void> filter_results(std::vector<Result>& results, const Catalog& catalog, const Selection& selection, sql::Database& database) {
    if (!selection.containers.empty()) {
        std::erase_if(results, [&](const Result& result) {
            return std::ranges::none_of(selection.containers, [&](const std::string& wanted) { return is_about(result, wanted); });
        });
    }
    if (!selection.project.empty()) {
        const auto ids = project_resources(database, selection.project);
        if (!ids) return std::unexpected(ids.error());
        std::erase_if(results, [&](const Result& result) { return !ids->contains(result.resource) && !ids->contains(dimension(result, "container_id")); });
    }
    if (!selection.where.empty()) {
        const auto rows = rows_where(results, catalog, selection.where);
        if (!rows) return std::unexpected(rows.error());
        std::vector<Result> kept;
        for (const std::size_t row : *rows) kept.push_back(std::move(results[row]));
        results = std::move(kept);
    }
    return {};
}

}  // namespace bulkhead::audit
