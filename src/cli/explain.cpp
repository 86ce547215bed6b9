// SPDX-License-Identifier: Apache-2.0
// `bulkhead explain`: what a control means, why, its SQL, how to put it right; or a benchmark's controls, or a table's columns.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "audit/catalog.h"
#include "audit/settings.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/ids.h"
#include "cli/shell.h"
#include "cli/suggest.h"
#include "cli/terminal.h"
#include "report/layout.h"
#include "report/style.h"
#include "tables/catalog.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t prose_columns_max = 100;  // longer lines are hard to read

class Page {
  public:
    explicit Page(const report::RenderOptions& render) : render_(render), style_(render) {}

    void title(const std::string& id, const std::string& title) {
        out_ += style_.paint(report::Tone::strong, text::printable(id)) + "  " + text::printable(title) + "\n";
    }
    void line(std::string_view key, const std::string& value) {
        if (!value.empty()) out_ += fmt::format("{:<10} {}\n", key, text::printable(value));
    }
    // Paragraphs are wrapped; lines that start with a blank are kept as they are.
    void prose(std::string_view heading, std::string_view body) {
        if (text::trim(body).empty()) return;
        head(heading);
        std::string paragraph;
        const auto flush = [&] {
            if (paragraph.empty()) return;
            for (const std::string& line : report::wrap(text::printable(paragraph), std::min(render_.width, prose_columns_max) - 2)) out_ += "  " + line + "\n";
            paragraph.clear();
        };
        for (const std::string_view line : text::lines(body)) {
            const bool kept = line.starts_with(' ') || line.starts_with('\t') || line.starts_with("- ");
            if (kept || text::trim(line).empty()) flush();
            if (kept) {
                out_ += "  " + text::printable(line) + "\n";
            } else {
                paragraph += (paragraph.empty() ? "" : " ") + std::string(text::trim(line));
            }
        }
        flush();
    }
    void code(std::string_view heading, std::string_view body) {
        if (text::trim(body).empty()) return;
        head(heading);
        for (const std::string_view line : text::lines(body)) out_ += "  " + text::printable(line) + "\n";
    }
    void list(std::string_view heading, const std::vector<std::string>& items) {
        if (items.empty()) return;
        head(heading);
        for (const std::string& item : items) out_ += "  " + text::printable(item) + "\n";
    }
    [[nodiscard]] const std::string& text() const { return out_; }

  private:
    void head(std::string_view heading) { out_ += "\n" + style_.paint(report::Tone::strong, heading) + "\n"; }

    report::RenderOptions render_;
    report::Style style_;
    std::string out_;
};

void explain_setting(Page& page, const audit::Catalog& catalog, const audit::Setting& setting) {
    page.title(setting.name, "setting (" + setting.type + ")");
    page.line("default", setting.default_value.empty() ? "none" : setting.default_value);
    page.prose("What it decides", setting.description);
    std::vector<std::string> users;
    for (const audit::Control& control : catalog.controls) {
        const auto used = audit::settings_used(control.sql + "\n" + control.declared_sql);
        if (std::ranges::find(used, setting.name) != used.end()) users.push_back(control.id + "  " + control.title);
    }
    page.list("Used by", users);
}

void explain_question(Page& page, const std::string& heading, const std::string& query, const std::string& sql,
                      const std::map<std::string, std::string>& params) {
    if (sql.empty()) return;
    std::vector<std::string> lines;
    lines.reserve(params.size());
    for (const auto& [name, value] : params) lines.push_back(fmt::format("{}: {}", name, value));
    page.list("Parameters of the " + heading, lines);
    page.code(query.empty() ? heading : heading + " (query " + text::printable(query) + ")", sql);
}

void explain_control(Page& page, const audit::Control& control) {
    page.title(control.id, control.title);
    std::vector<std::string> levels;
    for (const int level : control.levels) levels.push_back(fmt::format("L{}", level));
    page.line("levels", text::join(levels, ", "));
    page.line("since", control.since);
    page.line("severity", control.severity);
    page.line("aliases", text::join(control.aliases, ", "));
    page.line("tags", text::join(control.tags, ", "));
    page.line("layers", text::join(control.layers, ", "));
    page.line("settings", text::join(audit::settings_used(control.sql + "\n" + control.declared_sql), ", "));
    page.line("file", control.file);
    page.prose("What it asks for", control.description);
    page.prose("Why", control.rationale);
    page.prose("By default", control.default_value);
    page.prose("Remediation", control.remediation);
    std::vector<std::string> fixes;
    for (const audit::Fix& fix : control.fixes) {
        std::string value = fix.value;
        std::ranges::replace(value, '\n', ' ');
        fixes.push_back(fmt::format("{} {}{}{}{}", audit::name(fix.kind), fix.target, value.empty() ? "" : ": ", value, fix.risk.empty() ? "" : " (risky)"));
    }
    page.list("Fixes (bulkhead fix)", fixes);
    page.list("References", control.references);
    explain_question(page, "SQL", control.query, control.sql, control.params);
    page.prose("To be attested (bulkhead attest template)", control.attest);
    explain_question(page, "SQL about build files", control.declared_query, control.declared_sql, control.declared_params);
}

void explain_benchmark(Page& page, const audit::Catalog& catalog, const audit::Benchmark& benchmark) {
    page.title(benchmark.id, benchmark.title);
    page.prose("What it is", benchmark.description);
    std::vector<std::string> children;
    for (const std::string& child : benchmark.children) {
        const audit::Control* control = catalog.find_control(child);
        const audit::Benchmark* group = catalog.find_benchmark(child);
        children.push_back(child + "  " + (control != nullptr ? control->title : group != nullptr ? group->title : ""));
    }
    page.list("Holds", children);
}

int run_explain(const GlobalOptions& global, const std::string& wanted) {
    const auto catalog = audit::load_catalog(global.control_dirs);
    if (!catalog) {
        complain(catalog.error());
        return exit_error;
    }
    Page page(render_options(global.no_color));
    const std::string id = bare_id(wanted);
    const std::vector<tables::Table> tables = tables::catalog();
    const auto table = std::ranges::find(tables, id, &tables::Table::name);
    const auto query = catalog->queries.find(id);
    if (const audit::Control* control = catalog->find_control(id); control != nullptr) {
        explain_control(page, *control);
    } else if (const audit::Benchmark* benchmark = catalog->find_benchmark(id); benchmark != nullptr) {
        explain_benchmark(page, *catalog, *benchmark);
    } else if (const audit::Setting* setting = catalog->find_setting(id); setting != nullptr) {
        explain_setting(page, *catalog, *setting);
    } else if (query != catalog->queries.end()) {
        page.title(id, "named query");
        page.code("SQL", query->second);
    } else if (table != tables.end()) {
        page.code("Table", schema_of(*table));
    } else {
        std::vector<std::string> known = audit_ids(*catalog);
        for (const tables::Table& candidate : tables) known.push_back(candidate.name);
        for (const audit::Setting& candidate : catalog->settings) known.push_back(candidate.name);
        for (const auto& [name, sql] : catalog->queries) known.push_back(name);
        complain(fmt::format("no control, benchmark, query, setting or table is named \"{}\"{} (bulkhead list shows them)", wanted, did_you_mean(id, known)));
        return exit_error;
    }
    const auto written = write_out(page.text());
    if (!written) complain(written.error());
    return written ? exit_good : exit_error;
}

}  // namespace

Command explain() {
    return {"explain", [](CLI::App& root, Context& context) {
                auto id = std::make_shared<std::string>();
                CLI::App* app = root.add_subcommand("explain", "Tell what a control means, why, its SQL and how to put it right");
                app->add_option("ID", *id, "a control, benchmark, named query, setting or table")->required();
                app->footer("Examples:\n  bulkhead explain csvs_7_6\n  bulkhead explain csvs_v7\n  bulkhead explain docker_network");
                app->callback([&context, id] { context.action = [&context, id] { return run_explain(context.options, *id); }; });
            }};
}

}  // namespace bulkhead::cli
