// SPDX-License-Identifier: Apache-2.0
#include "audit/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "audit/catalog_parts.h"
#include "audit/settings.h"
#include "base/text.h"

namespace bulkhead::audit {

namespace {

struct Source {
    std::string path;
    std::string bytes;
};

constexpr const char* attested_query = "attested";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// controls/**/<id>.yaml is a control, controls/**/benchmarks.yaml a list of benchmarks, controls/**/settings.yaml
// one of settings, queries/<name>.sql a named query; what lies
// beside them (cases, notes) is not ours to load.
bool is_control_file(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    return name.ends_with(".yaml") && !name.ends_with(".cases.yaml");
}

bulkhead::Result<std::vector<Source>> read_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::recursive_directory_iterator iterator(folder, error);
    if (error) return fail(Code::not_found, fmt::format("cannot read the controls folder {}: {}", folder, error.message()));
    std::vector<Source> sources;
    for (const auto end = std::filesystem::recursive_directory_iterator(); iterator != end; iterator.increment(error)) {
        if (error) return fail(Code::unavailable, fmt::format("cannot read the controls folder {}: {}", folder, error.message()));
        if (!iterator->is_regular_file()) continue;
        const auto& path = iterator->path();
        if (!is_control_file(path) && path.extension() != ".sql") continue;
        std::ifstream file(path, std::ios::binary);
        if (!file) return fail(Code::permission_denied, "cannot read " + path.string());
        sources.push_back({path.string(), std::string(std::istreambuf_iterator<char>(file), {})});
    }
    std::ranges::sort(sources, {}, &Source::path);
    return sources;
}

bulkhead::Result<void> add(Catalog& catalog, const std::string& path, std::string_view bytes) {
    const std::filesystem::path file(path);
    if (file.extension() == ".sql") {
        if (!catalog.queries.emplace(file.stem().string(), bytes).second)
            return fail(Code::invalid_input, fmt::format("{}: there is a query {} already", path, file.stem().string()));
        return {};
    }
    if (file.filename() == "benchmarks.yaml") {
        auto benchmarks = parse_benchmarks(bytes, path);
        if (!benchmarks) return std::unexpected(benchmarks.error());
        std::ranges::move(*benchmarks, std::back_inserter(catalog.benchmarks));
        return {};
    }
    if (file.filename() == "settings.yaml") {
        auto settings = parse_settings(bytes, path);
        if (!settings) return std::unexpected(settings.error());
        std::ranges::move(*settings, std::back_inserter(catalog.settings));
        return {};
    }
    if (!is_control_file(file)) return {};
    auto control = parse_control(bytes, path);
    if (!control) return std::unexpected(control.error());
    if (control->id != file.stem().string())
        return fail(Code::invalid_input, fmt::format("{}:1:1: a control's file is named as its id: {}.yaml", path, control->id));
    catalog.controls.push_back(std::move(*control));
    return {};
}

// The names that a statement asks for, as param('name') in its text.
std::set<std::string> names_of_params(std::string_view sql) {
    constexpr std::string_view call = "param('";
    std::set<std::string> names;
    for (std::size_t at = sql.find(call); at != std::string_view::npos; at = sql.find(call, at)) {
        at += call.size();
        names.emplace(sql.substr(at, sql.find('\'', at) - at));
    }
    return names;
}

// A name misspelt in the file or in the SQL is told when the file is read, not when the control is judged.
bulkhead::Result<void> check_params(const std::string& file, const std::string& sql, const std::map<std::string, std::string>& params, std::string_view key) {
    const auto asked = names_of_params(sql);
    for (const auto& [name, value] : params) {
        if (!asked.contains(name)) return fail(Code::invalid_input, fmt::format("{}: the SQL does not ask for the parameter '{}'", file, name));
    }
    for (const std::string& name : asked) {
        if (!params.contains(name))
            return fail(Code::invalid_input, fmt::format("{}: the SQL asks for the parameter '{}': give it in '{}'", file, text::printable(name), key));
    }
    return {};
}

bulkhead::Result<void> check_settings(const Catalog& catalog) {
    for (std::size_t i = 1; i < catalog.settings.size(); ++i) {
        if (catalog.settings[i - 1].name == catalog.settings[i].name)
            return fail(Code::invalid_input, fmt::format("the setting {} is declared twice", catalog.settings[i].name));
    }
    for (const Control& control : catalog.controls) {
        for (const std::string& sql : {control.sql, control.declared_sql}) {
            for (const std::string& name : settings_used(sql)) {
                if (catalog.find_setting(name) == nullptr) return fail(Code::invalid_input, fmt::format("{}: there is no setting {}", control.file, name));
            }
        }
    }
    return {};
}

bulkhead::Result<void> take_query(const Catalog& catalog, const std::string& name, const std::string& file, std::string& sql) {
    if (name.empty()) return {};
    const auto query = catalog.queries.find(name);
    if (query == catalog.queries.end()) return fail(Code::invalid_input, fmt::format("{}: there is no named query {}", file, name));
    sql = query->second;
    return {};
}

bulkhead::Result<void> take_sql(const Catalog& catalog, Control& control) {
    if (auto taken = take_query(catalog, control.query, control.file, control.sql); !taken) return taken;
    if (auto taken = take_query(catalog, control.declared_query, control.file, control.declared_sql); !taken) return taken;
    if (auto checked = check_params(control.file, control.sql, control.params, "params"); !checked) return checked;
    return check_params(control.file, control.declared_sql, control.declared_params, "declared_params");
}

// Names are one space: controls, aliases and benchmarks are all given to `audit`.
bulkhead::Result<void> check(Catalog& catalog) {
    std::set<std::string> names;
    const auto take = [&](const std::string& name, const std::string& where) -> bulkhead::Result<void> {
        if (!names.insert(name).second) return fail(Code::invalid_input, fmt::format("{}: the id {} is taken", where, name));
        return {};
    };
    for (Control& control : catalog.controls) {
        if (auto taken = take(control.id, control.file); !taken) return taken;
        for (const std::string& alias : control.aliases) {
            if (auto taken = take(alias, control.file); !taken) return taken;
        }
        if (!control.attest.empty()) {
            const auto judge = catalog.queries.find(attested_query);
            if (judge == catalog.queries.end()) return fail(Code::invalid_input, fmt::format("{}: there is no named query {}", control.file, attested_query));
            control.attest_sql = judge->second;
        }
        if (auto taken = take_sql(catalog, control); !taken) return taken;
    }
    for (const Benchmark& benchmark : catalog.benchmarks) {
        if (auto taken = take(benchmark.id, "benchmarks"); !taken) return taken;
    }
    for (const Benchmark& benchmark : catalog.benchmarks) {
        for (const std::string& child : benchmark.children) {
            if (catalog.find_control(child) == nullptr && catalog.find_benchmark(child) == nullptr) {
                return fail(Code::invalid_input, fmt::format("benchmark {}: there is no control or benchmark {}", benchmark.id, child));
            }
        }
    }
    return {};
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            const auto run = [](std::string_view text, std::size_t& at) {
                const std::size_t start = at;
                while (at < text.size() && is_digit(text[at])) ++at;
                std::string_view digits = text.substr(start, at - start);
                digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
                return digits;
            };
            const std::string_view left = run(a, i);
            const std::string_view right = run(b, j);
            if (left.size() != right.size()) return left.size() < right.size();
            if (left != right) return left < right;
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        } else {
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

const Control* Catalog::find_control(std::string_view id_or_alias) const {
    for (const Control& control : controls) {
        if (control.id == id_or_alias || std::ranges::find(control.aliases, id_or_alias) != control.aliases.end()) return &control;
    }
    return nullptr;
}

const Benchmark* Catalog::find_benchmark(std::string_view id) const {
    const auto found = std::ranges::find(benchmarks, id, &Benchmark::id);
    return found == benchmarks.end() ? nullptr : &*found;
}

const Setting* Catalog::find_setting(std::string_view name) const {
    const auto found = std::ranges::find(settings, name, &Setting::name);
    return found == settings.end() ? nullptr : &*found;
}

bulkhead::Result<void> add_folder(Catalog& catalog, const std::string& folder, const std::string& name) {
    const auto sources = read_folder(folder);
    if (!sources) return std::unexpected(sources.error());
    for (const Source& source : *sources) {
        const std::string path = name.empty() ? source.path : name + source.path.substr(folder.size());
        if (auto added = add(catalog, path, source.bytes); !added) return added;
    }
    return {};
}

bulkhead::Result<void> finish(Catalog& catalog) {
    std::ranges::sort(catalog.controls, natural_less, &Control::id);
    std::ranges::sort(catalog.benchmarks, natural_less, &Benchmark::id);
    std::ranges::sort(catalog.settings, {}, &Setting::name);
    if (auto checked = check(catalog); !checked) return checked;
    return check_settings(catalog);
}

}  // namespace bulkhead::audit
