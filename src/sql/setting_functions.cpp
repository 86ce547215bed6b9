// SPDX-License-Identifier: Apache-2.0
#include "sql/setting_functions.h"

#include <string_view>

#include "base/text.h"

namespace bulkhead::sql {

namespace {

std::string_view argument(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return text == nullptr ? std::string_view() : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

// Nothing where no setting has the name: a misspelt one must not pass for an empty one.
const std::string* find(sqlite3_context* context, sqlite3_value* name) {
    const auto& settings = *static_cast<const Settings*>(sqlite3_user_data(context));
    const auto found = settings.find(argument(name));
    if (found != settings.end()) return &found->second;
    const std::string message = "no setting is named '" + text::printable(argument(name)) + "' (bulkhead list settings)";
    sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size()));
    return nullptr;
}

void setting(sqlite3_context* context, int, sqlite3_value** argv) {
    const std::string* value = find(context, argv[0]);
    if (value == nullptr) return;
    // Numbers compare as numbers: '90' > 100 would be true.
    if (const auto number = text::to_integer(*value)) return sqlite3_result_int64(context, *number);
    sqlite3_result_text64(context, value->data(), value->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Globs as in SQL's GLOB: * ? [abc].
void setting_has(sqlite3_context* context, int, sqlite3_value** argv) {
    const std::string* list = find(context, argv[0]);
    if (list == nullptr || sqlite3_value_type(argv[1]) == SQLITE_NULL) return;
    const std::string wanted(argument(argv[1]));
    int words = 0;
    for (const std::string_view word : text::split(*list, ',')) {
        if (++words > setting_words_max) return sqlite3_result_error(context, "a setting's list has too many words", -1);
        const std::string glob(text::trim(word));
        if (!glob.empty() && sqlite3_strglob(glob.c_str(), wanted.c_str()) == 0) return sqlite3_result_int(context, 1);
    }
    sqlite3_result_int(context, 0);
}

}  // namespace

bool register_setting_functions(sqlite3* database, const Settings& settings) {
    auto* data = const_cast<Settings*>(&settings);  // SQLite's interface wants a mutable pointer; nothing writes through it
    // Not deterministic: a statement is prepared for each run, but the settings are the database's, not the statement's.
    constexpr int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
    return sqlite3_create_function_v2(database, "setting", 1, flags, data, setting, nullptr, nullptr, nullptr) == SQLITE_OK &&
           sqlite3_create_function_v2(database, "setting_has", 2, flags, data, setting_has, nullptr, nullptr, nullptr) == SQLITE_OK;
}

}  // namespace bulkhead::sql
