// SPDX-License-Identifier: Apache-2.0
#include "host/systemd_units.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace bulkhead::host {

namespace {

// Highest first. Folders that are the same by a link (/lib) are looked into once.
constexpr std::string_view unit_folders[] = {
    "/etc/systemd/system.control", "/run/systemd/system.control",   "/run/systemd/transient",  "/etc/systemd/system", "/run/systemd/system",
    "/run/systemd/generator",      "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/generator.late",
};

std::optional<FileStat> stat_of(Host& host, const std::string& path, std::vector<Problem>& problems, std::string* locator = nullptr) {
    const auto reading = host.world().read(world::stat_at(path, *host.engine_pid()));
    if (locator != nullptr) *locator = reading->locator;
    return parsed<FileStat>(*reading, parse_file_stat, problems, Absent::is_nothing);
}

std::vector<std::string> folders_there(Host& host, std::vector<Problem>& problems) {
    std::vector<world::Request> requests;
    for (const std::string_view folder : unit_folders) requests.push_back(world::stat_at(std::string(folder), *host.engine_pid()));
    host.world().prefetch(requests);
    std::vector<std::string> folders;
    std::set<std::pair<std::string, std::int64_t>> seen;
    for (const std::string_view folder : unit_folders) {
        const auto stat = stat_of(host, std::string(folder), problems);
        if (stat && stat->type == "directory" && seen.emplace(stat->device, stat->inode).second) folders.emplace_back(folder);
    }
    return folders;
}

}  // namespace

Found<UnitFile> systemd_unit_files(Host& host, std::string_view unit) {
    Found<UnitFile> found;
    if (!host.engine_pid()) {
        found.problems.push_back(host.engine_problem());
        return found;
    }
    const std::string name(unit);
    std::set<std::string> drop_ins;  // a name in a higher folder hides the same name in a lower one
    bool has_main = false;
    for (const std::string& folder : folders_there(host, found.problems)) {
        std::string locator;
        const std::string path = folder + "/" + name;
        if (const auto stat = has_main ? std::nullopt : stat_of(host, path, found.problems, &locator)) {
            has_main = true;
            found.items.push_back({name, path, false, stat->type == "character", *stat, locator});
        }
        const auto listing = host.world().read(world::directory_at(path + ".d", *host.engine_pid()));
        if (listing->unreadable()) found.problems.push_back(problem_of(*listing));
        if (!listing->present()) continue;
        for (const std::string_view file : text::lines(listing->bytes)) {
            if (!file.ends_with(".conf") || !drop_ins.emplace(file).second) continue;
            if (drop_ins.size() > unit_drop_ins_max) {
                found.problems.push_back({listing->locator, "more drop-ins than anyone has"});
                break;
            }
            const std::string drop_in = path + ".d/" + std::string(file);
            const auto stat = stat_of(host, drop_in, found.problems, &locator);
            if (stat) found.items.push_back({name, drop_in, true, stat->type == "character", *stat, locator});
        }
    }
    return found;
}

}  // namespace bulkhead::host
