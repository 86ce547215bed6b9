// SPDX-License-Identifier: Apache-2.0
// The YAML of one control and of a list of benchmarks (docs/controls.md shows the form).
#include <fmt/format.h>

#include <algorithm>

#include "audit/catalog.h"
#include "audit/yaml_fields.h"

namespace bulkhead::audit {

namespace {

bool is_id(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bulkhead::Result<void> check(const Control& control, const YamlFields& fields) {
    if (!is_id(control.id)) return fields.fail_at("id", "an id has lower-case letters, digits and _ only");
    constexpr std::string_view severities[] = {"low", "medium", "high", "critical"};
    if (std::ranges::find(severities, control.severity) == std::end(severities)) return fields.fail_at("severity", "severity is low, medium, high or critical");
    if (control.levels.empty()) return fields.fail_at("levels", "'levels' is missing: a list out of 1, 2, 3");
    for (const int level : control.levels) {
        if (level < 1 || level > 3) return fields.fail_at("levels", "a level is 1, 2 or 3");
    }
    for (const std::string& layer : control.layers) {
        if (layer != "declared" && layer != "configured" && layer != "observed") return fields.fail_at("layers", "a layer is declared, configured or observed");
    }
    for (const auto& [key, params] : {std::pair("params", &control.params), std::pair("declared_params", &control.declared_params)}) {
        for (const auto& [name, value] : *params) {
            if (!is_id(name)) return fields.fail_at(key, "the name of a parameter has lower-case letters, digits and _ only");
        }
    }
    if (fields.has("query") && fields.has("sql")) return fields.fail_at("sql", "give either 'sql' or 'query' (the name of a named query)");
    if (fields.has("declared_query") && fields.has("declared_sql")) return fields.fail_at("declared_sql", "give either 'declared_sql' or 'declared_query'");
    const bool asks = fields.has("query") || fields.has("sql") || fields.has("declared_query") || fields.has("declared_sql") || fields.has("attest");
    if (!asks)
        return fields.fail_at("sql",
                              "give either 'sql' or 'query' (the name of a named query), 'declared_sql' or 'declared_query', or 'attest', or several of them");
    return {};
}

}  // namespace

bulkhead::Result<Control> parse_control(std::string_view yaml, const std::string& file) {
    const auto node = parse_yaml(yaml, file);
    if (!node) return std::unexpected(node.error());
    const auto fields = YamlFields::read(*node, file, {"id",     "aliases",     "title",     "levels",         "since",        "severity",        "tags",
                                                       "layers", "description", "rationale", "default",        "remediation",  "references",      "query",
                                                       "sql",    "params",      "attest",    "declared_query", "declared_sql", "declared_params", "fix"});
    if (!fields) return std::unexpected(fields.error());
    Control control;
    control.file = file;
    const auto take_text = [&](std::string_view key, std::string& into, bool required) -> bulkhead::Result<void> {
        auto value = required ? fields->text(key) : fields->text_or(key, "");
        if (!value) return std::unexpected(value.error());
        into = std::move(*value);
        return {};
    };
    const auto take_texts = [&](std::string_view key, std::vector<std::string>& into) -> bulkhead::Result<void> {
        auto value = fields->texts(key);
        if (!value) return std::unexpected(value.error());
        into = std::move(*value);
        return {};
    };
    const bulkhead::Result<void> taken[] = {
        take_text("id", control.id, true),
        take_text("title", control.title, true),
        take_text("since", control.since, false),
        take_text("severity", control.severity, true),
        take_text("description", control.description, true),
        take_text("rationale", control.rationale, false),
        take_text("default", control.default_value, false),
        take_text("remediation", control.remediation, true),
        take_text("query", control.query, false),
        take_text("sql", control.sql, false),
        take_text("attest", control.attest, false),
        take_text("declared_query", control.declared_query, false),
        take_text("declared_sql", control.declared_sql, false),
        take_texts("aliases", control.aliases),
        take_texts("tags", control.tags),
        take_texts("layers", control.layers),
        take_texts("references", control.references),
    };
    for (const auto& result : taken) {
        if (!result) return std::unexpected(result.error());
    }
    auto params = fields->texts_by_name("params");
    if (!params) return std::unexpected(params.error());
    control.params = std::move(*params);
    auto declared_params = fields->texts_by_name("declared_params");
    if (!declared_params) return std::unexpected(declared_params.error());
    control.declared_params = std::move(*declared_params);
    if (fields->has("fix")) {
        auto fixes = parse_fixes(fields->node("fix"), file);
        if (!fixes) return std::unexpected(fixes.error());
        control.fixes = std::move(*fixes);
    }
    const auto levels = fields->integers("levels");
    if (!levels) return std::unexpected(levels.error());
    control.levels = *levels;
    if (auto checked = check(control, *fields); !checked) return std::unexpected(checked.error());
    return control;
}

bulkhead::Result<std::vector<Benchmark>> parse_benchmarks(std::string_view yaml, const std::string& file) {
    const auto node = parse_yaml(yaml, file);
    if (!node) return std::unexpected(node.error());
    if (!node->IsSequence()) return fail_at(node->Mark(), file, "expected a list of benchmarks");
    std::vector<Benchmark> benchmarks;
    for (const auto& item : *node) {
        const auto fields = YamlFields::read(item, file, {"id", "title", "description", "children"});
        if (!fields) return std::unexpected(fields.error());
        auto id = fields->text("id");
        auto title = fields->text("title");
        auto description = fields->text_or("description", "");
        auto children = fields->texts("children");
        for (const auto* value : {&id, &title, &description}) {
            if (!*value) return std::unexpected(value->error());
        }
        if (!children) return std::unexpected(children.error());
        if (!is_id(*id)) return fields->fail_at("id", "an id has lower-case letters, digits and _ only");
        benchmarks.push_back({std::move(*id), std::move(*title), std::move(*description), std::move(*children)});
    }
    return benchmarks;
}

}  // namespace bulkhead::audit
