// SPDX-License-Identifier: Apache-2.0
// All settings of dockerd 20.10 to 28: how each is spelt in daemon.json and as a flag, and its documented default.
// Source: the dockerd reference (docs.docker.com/reference/cli/dockerd) and cmd/dockerd/config*.go of moby. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bulkhead::host {

enum class SettingKind : std::uint8_t { boolean, integer, text, list, map };

struct SettingInfo {
    std::string_view name;  // as in daemon.json; the flag's own where there is no such key
    SettingKind kind = SettingKind::text;
    std::string_view default_json;  // empty: the engine finds it out by itself (see note)
    std::string_view flag = {};     // without dashes; empty: as name
    char short_flag = 0;
    int since_major = 0;                   // of the engine that came with this default; 0: all
    std::string_view default_before = {};  // JSON; of engines older than since_major
    std::string_view note = {};

    [[nodiscard]] std::string_view flag_name() const { return flag.empty() ? name : flag; }
    // As JSON; nothing where it depends on what is not known here.
    [[nodiscard]] std::optional<std::string> default_for(std::optional<int> engine_major) const;
};

std::span<const SettingInfo> dockerd_settings();
const SettingInfo* setting_by_flag(std::string_view flag);  // nullptr: not known
const SettingInfo* setting_by_short_flag(char flag);
const SettingInfo* setting_by_name(std::string_view name);

}  // namespace bulkhead::host
