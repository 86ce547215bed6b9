// SPDX-License-Identifier: Apache-2.0
#include "extension/guest.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "sql/views.h"
#include "tables/catalog.h"

namespace bulkhead::extension {

namespace {

Guest& guest_of(sqlite3_context* context) { return *static_cast<Guest*>(sqlite3_user_data(context)); }

void give(sqlite3_context* context, const std::string& text) { sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8); }

void complain(sqlite3_context* context, const std::string& message) { sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size())); }

std::string text_of(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void bulkhead_open(sqlite3_context* context, int argc, sqlite3_value** argv) {
    if (argc % 2 != 0) return complain(context, "bulkhead_open takes pairs: a name and its value");
    Pairs pairs;
    for (int i = 0; i < argc; i += 2) pairs.emplace_back(text_of(argv[i]), text_of(argv[i + 1]));
    const auto opened = guest_of(context).open(pairs);
    if (!opened) return complain(context, "bulkhead_open: " + opened.error().message);
    give(context, *opened);
}

void bulkhead_failures(sqlite3_context* context, int, sqlite3_value**) {
    give(context, guest_of(context).failures());
    sqlite3_result_subtype(context, 'J');
}

template <void (*call)(sqlite3_context*, int, sqlite3_value**)>
void guarded(sqlite3_context* context, int argc, sqlite3_value** argv) {
    try {
        call(context, argc, argv);
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (...) {
        sqlite3_result_error(context, "an internal error of bulkhead", -1);
    }
}

}  // namespace

Guest::Guest(sqlite3* connection, Environment environment) : connection_(connection), environment_(std::move(environment)) {}

Result<void> Guest::enter(sqlite3* connection, const Environment& environment) {
    auto options = options_of(environment);
    if (!options) return std::unexpected(options.error());
    auto guest = std::unique_ptr<Guest>(new Guest(connection, environment));
    guest->from_environment_ = *options;
    guest->options_ = std::move(*options);
    Guest* entered = guest.release();
    // Not for schemas: a file that somebody sends must not choose what is read here.
    constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    // SQLite calls the destructor even where it does not take the function.
    if (sqlite3_create_function_v2(connection, "bulkhead_open", -1, flags, entered, guarded<bulkhead_open>, nullptr, nullptr,
                                   [](void* data) { delete static_cast<Guest*>(data); }) != SQLITE_OK)
        return fail(Code::internal, "SQLite takes no functions");
    if (sqlite3_create_function_v2(connection, "bulkhead_failures", 0, flags | SQLITE_SUBTYPE, entered, guarded<bulkhead_failures>, nullptr, nullptr,
                                   nullptr) != SQLITE_OK)
        return fail(Code::internal, "SQLite takes no functions");
    return entered->start();
}

Result<void> Guest::start() {
    rows_ = std::make_unique<sql::RowStore>();
    sources_.current_world = [this]() -> Result<const world::World*> {
        if (auto opened = ready(); !opened) return std::unexpected(opened.error());
        return &world_->facts().world;
    };
    if (!sql::register_functions(connection_, sources_)) return fail(Code::internal, "SQLite takes no functions");
    tables_ = tables::catalog();
    for (const tables::Table& table : tables_) {
        sql::TableState& state = states_.emplace_back();
        state.table = table;
        state.failures = &failures_;
        state.declaring = &declaring_;
        state.store = rows_.get();
        state.before_reading = [this] { return ready(); };
        state.after_reading = [this](const std::vector<tables::SourceFailure>& failures) { return accept(failures); };
        if (!sql::register_virtual_table(connection_, state)) return fail(Code::internal, "SQLite takes no table " + table.name);
    }
    return sql::make_views(connection_, options_.dialect, tables_, views_);
}

Result<void> Guest::ready() {
    if (world_) return {};
    auto opened = OpenedWorld::open(options_, environment_);
    if (!opened) return std::unexpected(opened.error());
    world_ = std::move(*opened);
    for (sql::TableState& state : states_) state.facts = &world_->facts();
    return {};
}

Result<void> Guest::accept(const std::vector<tables::SourceFailure>& failures) const {
    if (failures.empty() || options_.partial) return {};
    const std::string more = failures.size() == 1 ? "" : fmt::format(" and {} more sources", failures.size() - 1);
    return fail(Code::unavailable, fmt::format("could not read {}: {}{} (select bulkhead_open('partial', 1) answers from what can be read)",
                                               failures.front().locator, failures.front().reason, more));
}

// What was read, before what it was read from.
void Guest::forget() {
    for (sql::TableState& state : states_) {
        state.cache.clear();
        state.facts = nullptr;
        state.store = nullptr;
    }
    rows_ = std::make_unique<sql::RowStore>();
    for (sql::TableState& state : states_) state.store = rows_.get();
    failures_.take();
    world_.reset();
}

Result<std::string> Guest::open(const Pairs& pairs) {
    auto options = options_of(from_environment_, pairs);
    if (!options) return std::unexpected(options.error());
    if (std::ranges::any_of(states_, [](const sql::TableState& state) { return state.cursors_open > 0; }))
        return fail(Code::unavailable, "rows of what was opened before are still being read: it stands in a statement of its own");
    auto opened = OpenedWorld::open(*options, environment_);
    if (!opened) return std::unexpected(opened.error());
    if (options->dialect != options_.dialect) {
        if (auto made = sql::make_views(connection_, options->dialect, tables_, views_); !made) return std::unexpected(made.error());
    }
    forget();
    options_ = std::move(*options);
    world_ = std::move(*opened);
    for (sql::TableState& state : states_) state.facts = &world_->facts();
    return world_->place();
}

std::string Guest::failures() {
    const std::vector<tables::SourceFailure> all = failures_.take();
    failures_.add(all);
    std::string json = "[";
    for (const tables::SourceFailure& failure : all) {
        json += fmt::format(R"({}{{"locator":{},"reason":{},"container_id":{}}})", json.size() > 1 ? "," : "", json::quote(failure.locator),
                            json::quote(failure.reason), failure.container_id.empty() ? "null" : json::quote(failure.container_id));
    }
    return json + "]";
}

}  // namespace bulkhead::extension
