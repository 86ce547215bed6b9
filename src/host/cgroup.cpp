// SPDX-License-Identifier: Apache-2.0
#include "host/cgroup.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::host {

namespace {

constexpr std::size_t lines_max = 256;  // a kernel has some 15 controllers
// v1 tells "no limit" for memory as the largest multiple of the page size in 63 bits, and -1 for a cpu quota.
constexpr std::int64_t unlimited_from = 0x7FFF'FFFF'FFFF'0000;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// The id that a component ends in, behind nothing, '-' or ':', and perhaps before ".scope".
std::optional<std::string_view> id_of(std::string_view component) {
    if (component.ends_with(".scope")) component.remove_suffix(6);
    if (component.size() < container_id_length) return std::nullopt;
    const std::string_view id = component.substr(component.size() - container_id_length);
    if (!std::ranges::all_of(id, is_hex)) return std::nullopt;
    if (component.size() > container_id_length) {
        const char before = component[component.size() - container_id_length - 1];
        if (before != '-' && before != ':') return std::nullopt;
    }
    return id;
}

bool contains(const std::vector<std::string>& list, std::string_view item) { return std::ranges::find(list, item) != list.end(); }

// The directory of a control group below a mount whose root is mount.root; nothing where it is not below it.
std::optional<std::string> below(const Mount& mount, std::string_view path) {
    if (path.starts_with("/..")) return std::nullopt;
    if (mount.root == "/") return mount.mount_point + (path == "/" ? "" : std::string(path));
    if (path == mount.root) return mount.mount_point;
    if (path.starts_with(mount.root + "/")) return mount.mount_point + std::string(path.substr(mount.root.size()));
    return std::nullopt;
}

}  // namespace

Result<std::vector<Cgroup>> parse_cgroups(std::string_view bytes) {
    std::vector<Cgroup> cgroups;
    for (const std::string_view line : text::lines(bytes)) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos || second + 1 >= line.size() || line[second + 1] != '/') {
            return fail(Code::corrupt, "not a cgroup line: " + text::printable(line));
        }
        if (cgroups.size() == lines_max) return fail(Code::limit_exceeded, "more control groups than can be");
        Cgroup cgroup{{}, std::string(line.substr(second + 1))};
        for (const std::string_view name : text::split(line.substr(first + 1, second - first - 1), ',')) {
            if (!name.empty()) cgroup.controllers.emplace_back(name);
        }
        cgroups.push_back(std::move(cgroup));
    }
    return cgroups;
}

std::vector<std::string> container_ids(const std::vector<Cgroup>& cgroups) {
    std::vector<std::string> ids;
    for (const Cgroup& cgroup : cgroups) {
        for (const std::string_view component : text::split(cgroup.path, '/')) {
            const auto id = id_of(component);
            if (id && !contains(ids, *id)) ids.emplace_back(*id);
        }
    }
    return ids;
}

std::optional<CgroupDirectory> directory_of(std::string_view controller, const std::vector<Cgroup>& cgroups, const std::vector<Mount>& mounts) {
    for (const Cgroup& cgroup : cgroups) {
        if (!contains(cgroup.controllers, controller)) continue;
        for (const Mount& mount : mounts) {
            if (mount.fs_type != "cgroup" || !mount.super_options.contains(controller)) continue;
            if (const auto path = below(mount, cgroup.path)) return CgroupDirectory{*path, false};
        }
        return std::nullopt;  // a controller is in one hierarchy alone: v2 has not got it
    }
    for (const Cgroup& cgroup : cgroups) {
        if (!cgroup.is_v2()) continue;
        for (const Mount& mount : mounts) {
            if (mount.fs_type != "cgroup2") continue;
            if (const auto path = below(mount, cgroup.path)) return CgroupDirectory{*path, true};
        }
    }
    return std::nullopt;
}

Result<Limit> parse_limit(std::string_view bytes) {
    const std::string_view word = text::trim(bytes);
    if (word == "max") return Limit{};
    const auto value = text::to_integer(word);
    if (!value) return fail(Code::corrupt, "not a limit: " + text::printable(word));
    if (*value < 0 || *value >= unlimited_from) return Limit{};
    return Limit{false, *value};
}

}  // namespace bulkhead::host
