// SPDX-License-Identifier: Apache-2.0
#include "sql/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <atomic>
#include <chrono>
#include <deque>

#include "base/check.h"
#include "base/text.h"
#include "sql/functions.h"
#include "sql/made_rows.h"
#include "sql/memory.h"
#include "sql/views.h"
#include "sql/virtual_table.h"
#include "world/snapshot/sqlite_handle.h"

namespace bulkhead::sql {

struct Database::Impl {
    std::vector<tables::Table> tables;
    std::deque<TableState> states;  // addresses are held by SQLite
    FailureLog failures;
    std::vector<std::string> views;
    Settings settings;
    bool declaring = false;
    FunctionSources sources;  // its params are the running statement's
    Limits limits;
    Use use = Use::query;
    std::shared_ptr<RowStore> store;
    std::chrono::steady_clock::time_point deadline;
    std::atomic<bool> interrupted = false;
    SqliteDatabase database;  // last: closed before what it points to
};

namespace {

// Reading is all that is allowed; the pragmas are those that describe tables.
int authorize(void* declaring, int action, const char* first, const char* second, const char*, const char*) {
    if (*static_cast<const bool*>(declaring)) return SQLITE_OK;
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_RECURSIVE: return SQLITE_OK;
        case SQLITE_FUNCTION: return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
        case SQLITE_PRAGMA: {
            const std::string_view name = first == nullptr ? "" : first;
            return name == "table_info" || name == "table_xinfo" || name == "table_list" || name == "function_list" ? SQLITE_OK : SQLITE_DENY;
        }
        default: return SQLITE_DENY;
    }
}

void set_limits(sqlite3* database, const Limits& limits) {
    limit_memory(limits.memory_bytes_max);
    constexpr std::array<std::pair<int, int>, 7> bounds = {{{SQLITE_LIMIT_LENGTH, 256 << 20},
                                                            {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
                                                            {SQLITE_LIMIT_ATTACHED, 0},
                                                            {SQLITE_LIMIT_EXPR_DEPTH, 200},
                                                            {SQLITE_LIMIT_COMPOUND_SELECT, 200},
                                                            {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
                                                            {SQLITE_LIMIT_WORKER_THREADS, 0}}};
    for (const auto& [limit, value] : bounds) sqlite3_limit(database, limit, value);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
}

tables::Cell cell_of(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_NULL: return {};
        case SQLITE_INTEGER: return sqlite3_column_int64(statement, column);
        case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
        default: return std::string(sqlite_text(statement, column));
    }
}

}  // namespace

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;
const std::vector<tables::Table>& Database::tables() const { return impl_->tables; }
void Database::use_settings(Settings settings) { impl_->settings = std::move(settings); }
void Database::interrupt() { impl_->interrupted = true; }

Result<void> Database::speak(std::string_view dialect) {
    impl_->deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(impl_->limits.time_ms);
    impl_->declaring = true;
    auto made = make_views(impl_->database.get(), dialect, impl_->tables, impl_->views);
    impl_->declaring = false;
    return made;
}

Result<std::unique_ptr<Database>> Database::open(tables::Facts& facts, std::vector<tables::Table> tables, Limits limits, Use use) {
    auto impl = std::make_unique<Impl>();
    impl->tables = std::move(tables);
    impl->limits = limits;
    impl->use = use;
    impl->store = std::make_shared<RowStore>();
    return open(facts, std::move(impl));
}

Result<std::unique_ptr<Database>> Database::beside(tables::Facts& facts) const {
    auto impl = std::make_unique<Impl>();
    impl->tables = impl_->tables;
    impl->limits = impl_->limits;
    impl->use = impl_->use;
    impl->store = impl_->store;
    impl->settings = impl_->settings;
    return open(facts, std::move(impl));
}

Result<std::unique_ptr<Database>> Database::open(tables::Facts& facts, std::unique_ptr<Impl> impl) {
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    impl->database.reset(database);
    if (opened != SQLITE_OK) return fail(Code::internal, "SQLite does not open");
    set_limits(database, impl->limits);
    impl->sources.current_world = [&facts]() -> Result<const world::World*> { return &facts.world; };
    if (!register_functions(database, impl->sources) || !register_setting_functions(database, impl->settings))
        return fail(Code::internal, "SQLite takes no functions");
    for (const tables::Table& table : impl->tables) {
        impl->states.push_back({table, &facts, &impl->failures, &impl->declaring, impl->use == Use::audit, impl->store.get(), &impl->deadline, {}});
        if (!register_virtual_table(database, impl->states.back())) return fail(Code::internal, "SQLite takes no table " + table.name);
    }
    // SQLite's own table functions declare their columns at their first use, which the authorizer would refuse.
    for (const char* sql : {"select 1 from json_each('[]')", "select 1 from json_tree('[]')", "select 1 from pragma_table_info('x')",
                            "select 1 from pragma_table_xinfo('x')", "select 1 from pragma_table_list('x')", "select 1 from pragma_function_list limit 1"}) {
        sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    }
    sqlite3_set_authorizer(database, authorize, &impl->declaring);
    sqlite3_progress_handler(
        database, 1000,
        [](void* data) {
            const auto* self = static_cast<Impl*>(data);
            return self->interrupted || std::chrono::steady_clock::now() > self->deadline ? 1 : 0;
        },
        impl.get());
    return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Result<ResultSet> Database::run(std::string_view sql, Params params) {
    Impl& impl = *impl_;
    impl.sources.params = std::move(params);
    sqlite3* database = impl.database.get();
    impl.failures.take();
    impl.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(impl.limits.time_ms);
    const auto error = [&](int code) -> std::unexpected<Error> {
        if (impl.interrupted.exchange(false)) return fail(Code::unavailable, "interrupted");
        if (code == SQLITE_INTERRUPT)
            return fail(Code::limit_exceeded, fmt::format("the query took longer than {} ms: narrow it or raise --timeout", impl.limits.time_ms));
        if (code == SQLITE_NOMEM)
            return fail(Code::limit_exceeded, fmt::format("the query needs more than {} MiB: narrow it", impl.limits.memory_bytes_max >> 20U));
        if (code == SQLITE_TOOBIG) return fail(Code::limit_exceeded, "a value or the statement is too long");
        if (code == SQLITE_AUTH)
            return fail(Code::invalid_input, fmt::format("the tables are read-only: only select is allowed ({})", sqlite3_errmsg(database)));
        return fail(Code::invalid_input, fmt::format("SQL: {}", sqlite3_errmsg(database)));
    };
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int prepared = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
    const SqliteStatement statement(raw);
    if (prepared != SQLITE_OK) return error(prepared);
    if (raw == nullptr) return fail(Code::invalid_input, "SQL: there is no statement");
    const std::string_view rest = text::trim(sql.substr(static_cast<std::size_t>(tail - sql.data())));
    if (!rest.empty() && !rest.starts_with("--"))
        return fail(Code::invalid_input, "SQL: one statement at a time; this follows the first: " + text::printable(rest.substr(0, 60)));
    ResultSet set;
    const int columns = sqlite3_column_count(raw);
    for (int i = 0; i < columns; ++i) set.columns.emplace_back(sqlite3_column_name(raw, i));
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(raw)) == SQLITE_ROW) {
        if (static_cast<std::int64_t>(set.rows.size()) == impl.limits.rows_max) {
            set.truncated = true;
            break;
        }
        std::vector<tables::Cell> row;
        row.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) row.push_back(cell_of(raw, i));
        set.rows.push_back(std::move(row));
    }
    if (step != SQLITE_DONE && step != SQLITE_ROW) return error(step);
    set.failures = impl.failures.take();
    return set;
}

}  // namespace bulkhead::sql
