// SPDX-License-Identifier: Apache-2.0
#include "fix/targets.h"

#include <fmt/format.h>

#include "base/text.h"
#include "fix/folder.h"
#include "host/file_stat.h"
#include "host/problem.h"

namespace bulkhead::fix {

namespace {

constexpr std::string_view root_place = "root:";
constexpr std::size_t folders_max = 64;  // of one path

Result<host::FileStat> stat_of(const world::ReadingPtr& reading) {
    if (!reading->present()) return std::unexpected(host::error_of(*reading));
    return host::parse_file_stat(reading->bytes);
}

FileId id_of_stat(const host::FileStat& stat) { return {stat.device, stat.inode}; }

// Sets the path to the one without links, where that leads to the same thing; else says why it cannot be applied.
void take_real_path(world::World& world, Change& change, const std::string& named, const host::FileStat& stat) {
    change.path = stat.path.starts_with('/') ? stat.path : named;
    if (change.path == named) return;
    const auto again = stat_of(world.read(world::stat_at(change.path, change.root_pid)));
    if (!again || !again->is_same_file(stat)) {
        change.path = named;
        change.refused = "it cannot be reached from here as the file that the engine reads";
    }
}

// A file that is to be made: which of its folders are there already.
Result<Change> missing(world::World& world, Change change, const std::string& path) {
    std::string rest = fmt::format("/{}", name_of(path));
    std::string folder = folder_of(path);
    for (std::size_t i = 0; i < folders_max; ++i) {
        const auto reading = world.read(world::stat_at(folder, change.root_pid));
        if (reading->present()) {
            const auto stat = stat_of(reading);
            if (!stat) return std::unexpected(stat.error());
            if (stat->type != "directory") return fail(Code::unsupported, fmt::format("{} is no folder but a {}", folder, stat->type));
            take_real_path(world, change, folder, *stat);
            change.folder = change.path;
            change.path = (change.folder == "/" ? "" : change.folder) + rest;
            change.id = id_of_stat(*stat);
            return change;
        }
        if (!reading->absent() || folder == "/") return std::unexpected(host::error_of(*reading));
        rest = fmt::format("/{}{}", name_of(folder), rest);
        folder = folder_of(folder);
    }
    return fail(Code::limit_exceeded, path + ": too many folders");
}

}  // namespace

Result<Change> content_target(world::World& world, const std::string& path, std::int64_t root_pid) {
    Change change;
    change.what = What::content;
    change.root_pid = root_pid;
    const auto reading = world.read(world::stat_at(path, root_pid));
    if (reading->absent()) {
        change.exists = false;
        return missing(world, std::move(change), path);
    }
    const auto stat = stat_of(reading);
    if (!stat) return std::unexpected(stat.error());
    if (stat->type != "regular") return fail(Code::unsupported, fmt::format("{} is no file but a {}", path, stat->type));
    const auto content = world.read(world::file_at(path, root_pid));
    if (!content->present()) return std::unexpected(host::error_of(*content));
    take_real_path(world, change, path, *stat);
    change.id = id_of_stat(*stat);
    change.folder = folder_of(change.path);
    change.before = content->bytes;
    change.after = content->bytes;
    return change;
}

Result<Change> attribute_target(world::World& world, const std::string& path, std::int64_t root_pid, What what) {
    const auto stat = stat_of(world.read(world::stat_at(path, root_pid)));
    if (!stat) return std::unexpected(stat.error());
    Change change;
    change.what = what;
    change.root_pid = root_pid;
    take_real_path(world, change, path, *stat);
    change.id = id_of_stat(*stat);
    change.mode_before = change.mode_after = stat->mode;
    change.uid_before = change.uid_after = stat->uid;
    change.gid_before = change.gid_after = stat->gid;
    // Without its ACL a mode says too little, and chmod changes what an ACL's mask lets through.
    if (what == What::mode && (!stat->acl || !stat->acl->empty()))
        return fail(Code::unsupported, fmt::format("{} has an ACL, or its ACL could not be read: getfacl shows it, setfacl -b takes it away", change.path));
    return change;
}

std::int64_t root_pid_of(const std::string& place) {
    if (!place.starts_with(root_place)) return 0;
    return text::to_integer(std::string_view(place).substr(root_place.size())).value_or(0);
}

}  // namespace bulkhead::fix
