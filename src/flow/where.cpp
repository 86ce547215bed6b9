// SPDX-License-Identifier: Apache-2.0
#include "flow/where.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "flow/fields.h"
#include "world/snapshot/sqlite_handle.h"

namespace bulkhead::flow {

namespace {

constexpr int value_bytes_max = 1 << 20;
constexpr int steps_between_looks = 10'000;
constexpr int looks_max = 500;  // of one flow; five million steps of SQLite's machine

// The one table an expression is over: eponymous, and of one row, the flow that is looked at.
struct OneFlow : sqlite3_vtab {
    const Observed* const* current;
};
struct OneRow : sqlite3_vtab_cursor {
    bool at_end = false;
};

int connect(sqlite3* database, void* aux, int, const char* const*, sqlite3_vtab** out, char**) {
    std::string declaration = "create table x(";
    for (const Field& field : fields()) {
        const bool is_text = field.type == FieldType::text || field.type == FieldType::json;
        declaration += fmt::format("{}\"{}\" {}", &field == fields().data() ? "" : ",", field.name, is_text ? "text" : "integer");
    }
    if (const int code = sqlite3_declare_vtab(database, (declaration + ")").c_str()); code != SQLITE_OK) return code;
    auto* table = new OneFlow{};
    table->current = static_cast<const Observed* const*>(aux);
    *out = table;
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
    delete static_cast<OneFlow*>(table);
    return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
    info->estimatedCost = 1;
    info->estimatedRows = 1;
    return SQLITE_OK;
}

int open_cursor(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
    *out = new OneRow{};
    return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
    delete static_cast<OneRow*>(cursor);
    return SQLITE_OK;
}

int rewind(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
    static_cast<OneRow*>(cursor)->at_end = false;
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
    static_cast<OneRow*>(cursor)->at_end = true;
    return SQLITE_OK;
}

int is_at_end(sqlite3_vtab_cursor* cursor) { return static_cast<OneRow*>(cursor)->at_end ? 1 : 0; }

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int index) {
    const Observed* flow = *static_cast<const OneFlow*>(cursor->pVtab)->current;
    const FieldValue value = fields()[static_cast<std::size_t>(index)].read(*flow);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        sqlite3_result_int64(context, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
        sqlite3_result_double(context, *real);
    } else if (const auto* words = std::get_if<std::string>(&value)) {
        sqlite3_result_text(context, words->data(), static_cast<int>(words->size()), SQLITE_TRANSIENT);
    } else {
        sqlite3_result_null(context);
    }
    return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor*, sqlite3_int64* out) {
    *out = 1;
    return SQLITE_OK;
}

sqlite3_module make_module() {
    sqlite3_module module{};
    module.iVersion = 1;
    module.xConnect = connect;  // no xCreate: eponymous only
    module.xDisconnect = disconnect;
    module.xDestroy = disconnect;
    module.xBestIndex = best_index;
    module.xOpen = open_cursor;
    module.xClose = close_cursor;
    module.xFilter = rewind;
    module.xNext = next;
    module.xEof = is_at_end;
    module.xColumn = column;
    module.xRowid = row_id;
    return module;
}

}  // namespace

struct Where::State {
    const Observed* current = nullptr;
    int selects = 0;
    int looks = 0;
    SqliteDatabase database;
    SqliteStatement statement;  // closed before the connection

    // One select, that of ours; fields of the one table; functions.
    static int authorize(void* data, int action, const char* first, const char* second, const char*, const char*) {
        auto& state = *static_cast<State*>(data);
        switch (action) {
            case SQLITE_SELECT: return ++state.selects == 1 ? SQLITE_OK : SQLITE_DENY;
            case SQLITE_READ: return first != nullptr && std::string_view(first) == "flow" ? SQLITE_OK : SQLITE_DENY;
            case SQLITE_FUNCTION: return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
            default: return SQLITE_DENY;
        }
    }
};

Where::Where(std::unique_ptr<State> state) : state_(std::move(state)) {}
Where::Where(Where&&) noexcept = default;
Where& Where::operator=(Where&&) noexcept = default;
Where::~Where() = default;

Result<Where> Where::parse(std::string_view expression, const std::function<bool(sqlite3*)>& add_functions) {
    if (text::trim(expression).empty()) return fail(Code::invalid_input, "an expression is wanted, as in \"bytes_to_source > 1000000\"");
    if (expression.size() > where_bytes_max) return fail(Code::limit_exceeded, "an expression has at most 64 KiB");
    auto state = std::make_unique<State>();
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    state->database.reset(database);
    if (opened != SQLITE_OK) return fail(Code::internal, "SQLite does not open");
    constexpr std::array<std::pair<int, int>, 5> bounds = {{{SQLITE_LIMIT_LENGTH, value_bytes_max},
                                                            {SQLITE_LIMIT_SQL_LENGTH, static_cast<int>(where_bytes_max) + 200},
                                                            {SQLITE_LIMIT_ATTACHED, 0},
                                                            {SQLITE_LIMIT_EXPR_DEPTH, 200},
                                                            {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200}}};
    for (const auto& [limit, value] : bounds) sqlite3_limit(database, limit, value);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // "web" is a field that is not there, and no text
    static const sqlite3_module module = make_module();
    if (sqlite3_create_module_v2(database, "flow", &module, static_cast<void*>(&state->current), nullptr) != SQLITE_OK ||
        (add_functions && !add_functions(database)))
        return fail(Code::internal, "SQLite takes no table or function");
    // The table declares itself at its first use, which the authorizer would refuse.
    sqlite3_exec(database, "select 1 from flow where 0", nullptr, nullptr, nullptr);
    sqlite3_set_authorizer(database, State::authorize, state.get());
    sqlite3_progress_handler(database, steps_between_looks, [](void* data) { return ++static_cast<State*>(data)->looks > looks_max ? 1 : 0; }, state.get());
    // A comment of the expression ends with its line.
    const std::string sql = fmt::format("select 1 from flow where (\n{}\n)", expression);
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int prepared = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
    state->statement.reset(raw);
    if (prepared == SQLITE_AUTH) return fail(Code::invalid_input, "only fields of a flow, operators and functions are allowed: no select, no table");
    if (prepared != SQLITE_OK) return fail(Code::invalid_input, fmt::format("{} (bulkhead explain flow lists the fields)", sqlite3_errmsg(database)));
    if (raw == nullptr || !text::trim(std::string_view(sql).substr(static_cast<std::size_t>(tail - sql.data()))).empty() ||
        sqlite3_bind_parameter_count(raw) != 0)
        return fail(Code::invalid_input, "one expression is wanted: no ; and no parameters");
    return Where(std::move(state));
}

Result<bool> Where::takes(const Observed& flow) {
    State& state = *state_;
    state.current = &flow;
    state.looks = 0;
    const int step = sqlite3_step(state.statement.get());
    const std::string reason = step == SQLITE_ROW || step == SQLITE_DONE ? "" : sqlite3_errmsg(state.database.get());
    sqlite3_reset(state.statement.get());
    state.current = nullptr;
    if (step == SQLITE_INTERRUPT) return fail(Code::limit_exceeded, "the expression takes too long");
    if (step != SQLITE_ROW && step != SQLITE_DONE) return fail(Code::invalid_input, reason);
    return step == SQLITE_ROW;
}

}  // namespace bulkhead::flow
