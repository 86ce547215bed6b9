// SPDX-License-Identifier: Apache-2.0
#include "sql/functions.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/json.h"
#include "base/text.h"
#include "build/build_files.h"

namespace bulkhead::sql {

namespace {

std::optional<std::string_view> argument(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    if (text == nullptr) return std::nullopt;
    return std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

const FunctionSources& sources(sqlite3_context* context) { return *static_cast<const FunctionSources*>(sqlite3_user_data(context)); }

void complain(sqlite3_context* context, const std::string& message) { sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size())); }

void result(sqlite3_context* context, std::string_view text) { sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8); }

// regexp(pattern, text), so that `text regexp pattern` works. The compiled pattern is kept with the statement.
void regexp(sqlite3_context* context, int, sqlite3_value** argv) {
    const auto pattern = argument(argv[0]);
    const auto text = argument(argv[1]);
    if (!pattern || !text) return;
    auto* compiled = static_cast<re2::RE2*>(sqlite3_get_auxdata(context, 0));
    if (compiled == nullptr) {
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(8 << 20);
        auto fresh = std::make_unique<re2::RE2>(re2::StringPiece(pattern->data(), pattern->size()), options);
        if (!fresh->ok()) {
            return complain(context, "regexp: " + fresh->error());
        }
        compiled = fresh.release();
        sqlite3_result_int(context, re2::RE2::PartialMatch(re2::StringPiece(text->data(), text->size()), *compiled) ? 1 : 0);
        // Last: SQLite may free it at once.
        sqlite3_set_auxdata(context, 0, compiled, [](void* pointer) { delete static_cast<re2::RE2*>(pointer); });
        return;
    }
    sqlite3_result_int(context, re2::RE2::PartialMatch(re2::StringPiece(text->data(), text->size()), *compiled) ? 1 : 0);
}

void evidence(sqlite3_context* context, int, sqlite3_value** argv) {
    const auto locator = argument(argv[0]);
    if (!locator) return;
    const auto world = sources(context).current_world();
    if (!world) return complain(context, world.error().message);
    const UnixMs read_at = (*world)->read_at(build::reading_of(std::string(*locator)));
    const std::string json = fmt::format(R"({{"source":{},"locator":{},"value":{},"read_at":{}}})", json::quote(locator->substr(0, locator->find(':'))),
                                         json::quote(*locator), json::quote(argument(argv[1]).value_or("")), read_at);
    result(context, json);
    sqlite3_result_subtype(context, 'J');  // so that json_array(evidence(...)) nests it
}

// A socket of IPv6 that serves IPv4 shows its addresses as ::ffff:192.0.2.1 (RFC 4291, 2.5.5.2): they are what they map.
Prefix unmapped(const Prefix& prefix) {
    const auto& bytes = prefix.address().bytes();
    constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (prefix.address().is_v4() || prefix.length() < 96 || !std::equal(mapped.begin(), mapped.end(), bytes.begin())) return prefix;
    return {IpAddress::v4(std::span<const std::uint8_t, 16>(bytes).last<4>()), prefix.length() - 96};
}

std::optional<Prefix> prefix_of(sqlite3_value* value) {
    const auto text = argument(value);
    if (!text) return std::nullopt;
    const auto prefix = Prefix::parse(*text);
    if (!prefix) return std::nullopt;
    return unmapped(*prefix);
}

void prefix_overlaps(sqlite3_context* context, int, sqlite3_value** argv) {
    const auto a = prefix_of(argv[0]);
    const auto b = prefix_of(argv[1]);
    if (a && b) sqlite3_result_int(context, a->overlaps(*b) ? 1 : 0);
}

void prefix_contains(sqlite3_context* context, int, sqlite3_value** argv) {
    const auto prefix = prefix_of(argv[0]);
    const auto address = prefix_of(argv[1]);
    if (prefix && address) sqlite3_result_int(context, prefix->contains(address->address()) ? 1 : 0);
}

void is_loopback(sqlite3_context* context, int, sqlite3_value** argv) {
    if (const auto address = prefix_of(argv[0])) sqlite3_result_int(context, address->address().is_loopback() ? 1 : 0);
}

void is_wildcard(sqlite3_context* context, int, sqlite3_value** argv) {
    if (const auto address = prefix_of(argv[0])) sqlite3_result_int(context, address->address().is_wildcard() ? 1 : 0);
}

void as_of_ms(sqlite3_context* context, int, sqlite3_value**) {
    const auto world = sources(context).current_world();
    if (!world) return complain(context, world.error().message);
    sqlite3_result_int64(context, (*world)->as_of());
}

void param(sqlite3_context* context, int, sqlite3_value** argv) {
    const auto& params = sources(context).params;
    const std::string name(argument(argv[0]).value_or(""));
    if (const auto found = params.find(name); found != params.end()) return result(context, found->second);
    complain(context, fmt::format("param: there is no parameter '{}'", text::printable(name)));
}

void octal(sqlite3_context* context, int, sqlite3_value** argv) {
    const auto text = argument(argv[0]);
    if (const auto number = text ? text::to_integer(*text, 8) : std::nullopt) sqlite3_result_int64(context, *number);
}

// SQLite is C: nothing that is thrown may pass through it.
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

bool register_functions(sqlite3* database, const FunctionSources& sources) {
    struct Function {
        const char* name;
        int arguments;
        void (*call)(sqlite3_context*, int, sqlite3_value**);
        int extra_flags;
    };
    constexpr Function functions[] = {
        {"regexp", 2, guarded<regexp>, SQLITE_DETERMINISTIC},
        {"evidence", 2, guarded<evidence>, SQLITE_SUBTYPE},
        {"prefix_overlaps", 2, guarded<prefix_overlaps>, SQLITE_DETERMINISTIC},
        {"prefix_contains", 2, guarded<prefix_contains>, SQLITE_DETERMINISTIC},
        {"is_loopback", 1, guarded<is_loopback>, SQLITE_DETERMINISTIC},
        {"is_wildcard", 1, guarded<is_wildcard>, SQLITE_DETERMINISTIC},
        {"as_of_ms", 0, guarded<as_of_ms>, 0},
        {"param", 1, guarded<param>, SQLITE_DETERMINISTIC},
        {"octal", 1, guarded<octal>, SQLITE_DETERMINISTIC},
    };
    auto* data = const_cast<FunctionSources*>(&sources);  // SQLite's interface wants a mutable pointer; nothing writes through it
    for (const Function& function : functions) {
        if (sqlite3_create_function_v2(database, function.name, function.arguments, SQLITE_UTF8 | SQLITE_INNOCUOUS | function.extra_flags, data, function.call,
                                       nullptr, nullptr, nullptr) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

}  // namespace bulkhead::sql
