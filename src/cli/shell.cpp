// SPDX-License-Identifier: Apache-2.0
#include "cli/shell.h"

#include <editline/readline.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "cli/answer.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/suggest.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t statement_bytes_max = 1'000'000;
constexpr int history_lines_max = 1000;

// libedit calls back without an argument, and a signal handler has none: the shell's words and state are the process's.
std::vector<std::string> words;
std::atomic<bool> interrupted = false;
std::atomic<sql::Database*> running = nullptr;

void on_interrupt() {
    interrupted = true;
    if (sql::Database* const database = running; database != nullptr) database->interrupt();
}

char* next_match(const char* prefix, int state) {
    static std::size_t at = 0;
    if (state == 0) at = 0;
    const std::string wanted = text::lower(prefix);
    while (at < words.size()) {
        const std::string& word = words[at++];
        if (text::lower(word).starts_with(wanted)) return ::strdup(word.c_str());
    }
    return nullptr;
}

char** complete(const char* prefix, int /*start*/, int /*end*/) {
    rl_attempted_completion_over = 1;  // no file names
    return rl_completion_matches(prefix, next_match);
}

void collect_words(const sql::Database& database) {
    words = {".help", ".mode", ".queries", ".quit", ".schema", ".tables", "select", "from", "where", "group by", "order by", "limit", "count(*)", "regexp"};
    for (const tables::Table& table : database.tables()) {
        words.push_back(table.name);
        for (const tables::ColumnInfo& column : table.columns) words.push_back(column.name);
    }
    std::ranges::sort(words);
    const auto same = std::ranges::unique(words);
    words.erase(same.begin(), same.end());
}

// By the XDG base directory specification: $XDG_STATE_HOME, else ~/.local/state. Empty where there is no home.
std::string history_path() {
    const char* state = std::getenv("XDG_STATE_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path folder;
    if (state != nullptr && *state == '/') {
        folder = state;
    } else if (home != nullptr && *home == '/') {
        folder = std::filesystem::path(home) / ".local/state";
    } else {
        return {};
    }
    folder /= "bulkhead";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return {};
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);  // statements may hold names and addresses
    return folder / "history";
}

constexpr std::string_view help =
    ".tables            the tables\n"
    ".schema [TABLE]    the columns of a table, or of all\n"
    ".queries           the named queries; a name and ; runs one\n"
    ".mode FORMAT       table, json, jsonl, csv or line\n"
    ".help              this\n"
    ".quit              leaves, as Ctrl-D does\n"
    "Anything else is SQL, up to a semicolon. Tab completes; Ctrl-C stops a statement.\n";

class Shell {
  public:
    Shell(sql::Database& database, const audit::Catalog& catalog, RowOptions options) : database_(database), catalog_(catalog), options_(options) {}

    // False when the user wants to leave.
    bool take(const std::string& line) {
        const std::string_view trimmed = text::trim(line);
        if (statement_.empty() && trimmed.empty()) return true;
        if (statement_.empty() && trimmed.starts_with('.')) return dot(trimmed);
        statement_ += (statement_.empty() ? "" : "\n") + line;
        if (statement_.size() > statement_bytes_max) {
            complain("a statement has at most 1 MB");
            statement_.clear();
        }
        if (sqlite3_complete(statement_.c_str()) == 0) return true;
        const std::string_view name = text::trim(std::string_view(statement_).substr(0, statement_.find(';')));
        const auto named = catalog_.queries.find(std::string(name));
        running = &database_;
        answer(database_, named == catalog_.queries.end() ? statement_ : named->second, options_);
        running = nullptr;
        statement_.clear();
        return true;
    }
    void drop() { statement_.clear(); }
    [[nodiscard]] const char* prompt() const { return statement_.empty() ? "bulkhead> " : "      ..> "; }

  private:
    bool dot(std::string_view line) {
        const std::vector<std::string_view> parts = text::words(line);
        const std::string argument(parts.size() > 1 ? parts[1] : "");
        if (parts[0] == ".quit" || parts[0] == ".exit") return false;
        if (parts[0] == ".help") {
            (void)write_out(help);
        } else if (parts[0] == ".tables") {
            tables();
        } else if (parts[0] == ".schema") {
            schema(argument);
        } else if (parts[0] == ".queries") {
            for (const auto& [name, sql] : catalog_.queries) (void)write_out(name + "\n");
        } else if (parts[0] == ".mode") {
            mode(argument);
        } else {
            complain(fmt::format("unknown command {}{} (.help lists them)", parts[0],
                                 did_you_mean(parts[0], {".help", ".mode", ".queries", ".quit", ".schema", ".tables"})));
        }
        return true;
    }

    void tables() {
        std::size_t columns = 0;
        for (const tables::Table& table : database_.tables()) columns = std::max(columns, table.name.size());
        for (const tables::Table& table : database_.tables()) (void)write_out(fmt::format("{:<{}}  {}\n", table.name, columns, table.help));
    }

    void schema(const std::string& wanted) {
        std::vector<std::string> names;
        bool found = false;
        for (const tables::Table& table : database_.tables()) {
            names.push_back(table.name);
            if (!wanted.empty() && table.name != wanted) continue;
            (void)write_out(schema_of(table));
            found = true;
        }
        if (!found) complain(fmt::format("no table {}{}", wanted, did_you_mean(wanted, names)));
    }

    void mode(const std::string& wanted) {
        const auto* const found = std::ranges::find(row_formats, wanted);
        if (found == std::end(row_formats)) {
            complain("use .mode table, json, jsonl, csv or line");
        } else {
            options_.format = *found;
        }
    }

    sql::Database& database_;
    const audit::Catalog& catalog_;
    RowOptions options_;
    std::string statement_;
};

}  // namespace

std::string schema_of(const tables::Table& table) {
    std::size_t columns = 0;
    for (const tables::ColumnInfo& column : table.columns) columns = std::max(columns, column.name.size());
    std::string out = fmt::format("{}  -- {}\n", table.name, table.help);
    for (const tables::ColumnInfo& column : table.columns) {
        const bool required = std::ranges::find(table.required, column.name) != table.required.end();
        const bool key = std::ranges::find(table.keys, column.name) != table.keys.end();
        out += fmt::format("  {:<{}}  {:<7}  {}{}\n", column.name, columns, tables::name(column.type), column.help,
                           required ? " (must be given: where ... = ...)"
                           : key    ? " (= reads only what it names)"
                                    : "");
    }
    for (const std::string& example : table.examples) out += "  example: " + example + "\n";
    return out;
}

int run_shell(sql::Database& database, const audit::Catalog& catalog, RowOptions options) {
    collect_words(database);
    rl_readline_name = "bulkhead";
    rl_initialize();
    rl_attempted_completion_function = complete;
    using_history();
    stifle_history(history_lines_max);
    const std::string history = history_path();
    if (!history.empty()) read_history(history.c_str());
    set_interrupt_action(on_interrupt);
    (void)write_out("SQL over Docker and its host; .help for help, .quit to leave\n");
    Shell shell(database, catalog, options);
    for (;;) {
        interrupted = false;
        char* const line = ::readline(shell.prompt());
        if (line == nullptr && interrupted) {  // Ctrl-C at the prompt drops what was typed
            (void)write_out("\n");
            shell.drop();
            continue;
        }
        if (line == nullptr) {
            (void)write_out("\n");
            break;
        }
        const std::string text(line);
        std::free(line);
        if (!text::trim(text).empty()) add_history(text.c_str());
        if (!shell.take(text)) break;
    }
    set_interrupt_action(nullptr);
    if (!history.empty()) write_history(history.c_str());
    return exit_good;
}

}  // namespace bulkhead::cli
