// SPDX-License-Identifier: Apache-2.0
#include "host/dockerd_flags.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "host/dockerd_settings.h"

namespace bulkhead::host {

namespace {

using Values = std::map<std::string, std::vector<std::string>>;

// Go's strconv.ParseBool; what it refuses is kept as it was written.
std::string boolean_json(const std::string& text) {
    constexpr std::array yes = {"1", "t", "T", "TRUE", "true", "True"};
    constexpr std::array no = {"0", "f", "F", "FALSE", "false", "False"};
    if (std::ranges::find(yes, text) != yes.end()) return "true";
    if (std::ranges::find(no, text) != no.end()) return "false";
    return json::quote(text);
}

std::string list_json(const std::vector<std::string>& values) {
    std::vector<std::string> quoted;
    for (const std::string& value : values) quoted.push_back(json::quote(value));
    return "[" + text::join(quoted, ",") + "]";
}

std::string map_json(const std::vector<std::string>& values) {
    std::map<std::string, std::string> members;
    for (const std::string& value : values) {
        const std::size_t equals = value.find('=');
        members[value.substr(0, equals)] = equals == std::string::npos ? "" : value.substr(equals + 1);
    }
    std::vector<std::string> parts;
    for (const auto& [key, value] : members) parts.push_back(json::quote(key) + ":" + json::quote(value));
    return "{" + text::join(parts, ",") + "}";
}

std::string value_json(const SettingInfo* info, const std::vector<std::string>& values) {
    const SettingKind kind = info == nullptr ? SettingKind::text : info->kind;
    const std::string& last = values.back();
    switch (kind) {
        case SettingKind::boolean: return boolean_json(last);
        case SettingKind::integer: return text::to_integer(last) ? last : json::quote(last);
        case SettingKind::list: return list_json(values);
        case SettingKind::map: return map_json(values);
        case SettingKind::text: break;
    }
    return json::quote(last);
}

class Words {
  public:
    explicit Words(const std::vector<std::string>& words) : words_(words) {}

    Values read() {
        while (auto word = next()) {
            if (*word == "--") break;
            if (word->starts_with("--")) {
                long_flag(std::string_view(*word).substr(2));
            } else if (word->starts_with("-") && word->size() > 1) {
                short_flags(std::string_view(*word).substr(1));
            }
        }
        return std::move(values_);
    }

  private:
    std::optional<std::string> next() {
        if (at_ >= words_.size()) return std::nullopt;
        return words_[at_++];
    }
    void put(const SettingInfo* info, std::string_view flag, std::string value) {
        values_[std::string(info == nullptr ? flag : info->name)].push_back(std::move(value));
    }
    void long_flag(std::string_view word) {
        const std::size_t equals = word.find('=');
        const std::string_view flag = word.substr(0, equals);
        const SettingInfo* info = setting_by_flag(flag);
        if (equals != std::string_view::npos) return put(info, flag, std::string(word.substr(equals + 1)));
        if (info != nullptr && info->kind == SettingKind::boolean) return put(info, flag, "true");
        // Of a flag that is not known only the next word tells whether it takes a value.
        if (info == nullptr && (at_ >= words_.size() || words_[at_].starts_with("-"))) return put(info, flag, "true");
        put(info, flag, next().value_or(""));
    }
    // A cluster: booleans, and at its end perhaps one with a value, which is the rest of the word or the next word.
    void short_flags(std::string_view cluster) {
        while (!cluster.empty()) {
            const std::string_view flag = cluster.substr(0, 1);
            const SettingInfo* info = setting_by_short_flag(cluster.front());
            cluster.remove_prefix(1);
            if (cluster.starts_with('=')) return put(info, flag, std::string(cluster.substr(1)));
            if (info != nullptr && info->kind == SettingKind::boolean) {
                put(info, flag, "true");
                continue;
            }
            return put(info, flag, cluster.empty() ? next().value_or("") : std::string(cluster));
        }
    }

    const std::vector<std::string>& words_;
    std::size_t at_ = 1;  // behind the program's name
    Values values_;
};

}  // namespace

std::map<std::string, std::string> parse_dockerd_flags(const std::vector<std::string>& cmdline) {
    std::map<std::string, std::string> out;
    for (const auto& [name, values] : Words(cmdline).read()) out[name] = value_json(setting_by_name(name), values);
    return out;
}

}  // namespace bulkhead::host
