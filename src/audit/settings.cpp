// SPDX-License-Identifier: Apache-2.0
#include "audit/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "audit/nearest.h"
#include "audit/yaml_fields.h"
#include "base/text.h"

namespace bulkhead::audit {

namespace {

constexpr std::string_view types[] = {"text", "list", "integer", "boolean", "days"};
constexpr std::int64_t days_max = 100'000;

// The value as SQL gets it; nothing where it is not of the type.
std::optional<std::string> value_of(const Setting& setting, std::string_view given) {
    std::string_view value = text::trim(given);
    if (setting.type == "boolean") {
        const std::string word = text::lower(value);
        for (const char* yes : {"1", "true", "yes", "on"}) {
            if (word == yes) return "1";
        }
        for (const char* no : {"0", "false", "no", "off"}) {
            if (word == no) return "0";
        }
        return std::nullopt;
    }
    if (setting.type == "days" && value.ends_with('d')) value.remove_suffix(1);
    if (setting.type == "days" || setting.type == "integer") {
        const auto number = text::to_integer(value);
        if (!number || *number < 0 || (setting.type == "days" && *number > days_max)) return std::nullopt;
        return std::to_string(*number);
    }
    return std::string(value);
}

bulkhead::Result<void> put(const Catalog& catalog, sql::Settings& values, const std::string& name, std::string_view given) {
    const Setting* setting = catalog.find_setting(name);
    if (setting == nullptr) {
        std::vector<std::string> names;
        names.reserve(catalog.settings.size());
        for (const Setting& known : catalog.settings) names.push_back(known.name);
        return fail(Code::invalid_input, fmt::format("there is no setting '{}': {}", text::printable(name), nearest_of(name, names, "bulkhead list settings")));
    }
    const auto value = value_of(*setting, given);
    if (!value) {
        const std::string_view wanted = setting->type == "boolean" ? "true or false" : setting->type == "days" ? "a whole number of days" : "a whole number";
        return fail(Code::invalid_input, fmt::format("the setting {} is {}, not '{}'", name, wanted, text::printable(given)));
    }
    values.insert_or_assign(name, *value);
    return {};
}

bulkhead::Result<void> put_file(const Catalog& catalog, sql::Settings& values, const std::string& path) {
    std::error_code error;
    if (std::filesystem::file_size(path, error) > yaml_bytes_max && !error) return fail(Code::limit_exceeded, path + ": too large for settings");
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(Code::not_found, "cannot read the settings file " + path);
    const auto node = parse_yaml(std::string(std::istreambuf_iterator<char>(file), {}), path);
    if (!node) return std::unexpected(node.error());
    if (!node->IsMap()) return fail_at(node->Mark(), path, "expected 'name: value' or 'name: [value, value]'");
    std::set<std::string> seen;
    for (const auto& entry : *node) {
        if (!entry.first.IsScalar()) return fail_at(entry.first.Mark(), path, "a setting's name must be plain text");
        const std::string& name = entry.first.Scalar();
        if (!seen.insert(name).second) return fail_at(entry.first.Mark(), path, fmt::format("the setting '{}' is given twice", text::printable(name)));
        std::vector<std::string> words;
        if (entry.second.IsScalar()) words.push_back(entry.second.Scalar());
        if (!entry.second.IsScalar() && !entry.second.IsSequence()) return fail_at(entry.second.Mark(), path, "a value is text or a list of texts");
        for (const auto& item : entry.second) {
            if (!item.IsScalar()) return fail_at(item.Mark(), path, "a value is text or a list of texts");
            words.push_back(item.Scalar());
        }
        if (auto taken = put(catalog, values, name, text::join(words, ",")); !taken) return fail_at(entry.first.Mark(), path, taken.error().message);
    }
    return {};
}

}  // namespace

std::vector<std::string> settings_used(std::string_view sql) {
    std::set<std::string> names;
    for (const std::string_view call : {"setting('", "setting_has('"}) {
        for (std::size_t at = sql.find(call); at != std::string_view::npos; at = sql.find(call, at + 1)) {
            const std::string_view rest = sql.substr(at + call.size());
            names.emplace(rest.substr(0, rest.find('\'')));
        }
    }
    return {names.begin(), names.end()};
}

bulkhead::Result<std::vector<Setting>> parse_settings(std::string_view yaml, const std::string& file) {
    const auto node = parse_yaml(yaml, file);
    if (!node) return std::unexpected(node.error());
    if (!node->IsSequence()) return fail_at(node->Mark(), file, "expected a list of settings");
    std::vector<Setting> settings;
    for (const auto& item : *node) {
        const auto fields = YamlFields::read(item, file, {"name", "type", "default", "description"});
        if (!fields) return std::unexpected(fields.error());
        auto name = fields->text("name");
        auto type = fields->text("type");
        auto description = fields->text("description");
        for (const auto* value : {&name, &type, &description}) {
            if (!*value) return std::unexpected(value->error());
        }
        if (std::ranges::find(types, *type) == std::end(types)) return fields->fail_at("type", fmt::format("a type is one of {}", fmt::join(types, ", ")));
        Setting setting{*name, *type, "", *description};
        // An empty default is written '': no key at all would be forgotten as easily as meant.
        if (!fields->has("default") || !fields->node("default").IsScalar()) return fields->fail_at("default", "'default' is missing ('' for none)");
        const auto value = value_of(setting, fields->node("default").Scalar());
        if (!value) return fields->fail_at("default", fmt::format("the default is not of type {}", *type));
        setting.default_value = *value;
        settings.push_back(std::move(setting));
    }
    return settings;
}

bulkhead::Result<sql::Settings> resolve_settings(const Catalog& catalog, const std::string& file, const std::vector<std::string>& given) {
    sql::Settings values;
    for (const Setting& setting : catalog.settings) values.emplace(setting.name, setting.default_value);
    if (!file.empty()) {
        if (auto taken = put_file(catalog, values, file); !taken) return std::unexpected(taken.error());
    }
    for (const std::string& pair : given) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos) return fail(Code::invalid_input, fmt::format("--setting '{}': give NAME=VALUE", text::printable(pair)));
        if (auto taken = put(catalog, values, std::string(text::trim(pair.substr(0, equals))), pair.substr(equals + 1)); !taken)
            return std::unexpected(taken.error());
    }
    return values;
}

std::string changed_settings(const Catalog& catalog, const sql::Settings& settings) {
    std::vector<std::string> changed;
    for (const auto& [name, value] : settings) {
        const Setting* setting = catalog.find_setting(name);
        if (setting != nullptr && setting->default_value != value) changed.push_back(name + "=" + value);
    }
    return text::join(changed, ", ");
}

}  // namespace bulkhead::audit
