// SPDX-License-Identifier: Apache-2.0
#include "host/engine_sockets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "host/file_stat.h"

namespace bulkhead::host {

namespace {

// The part of a path below a folder above it: "" where they are the same.
std::string_view below(std::string_view folder, std::string_view path) {
    if (folder == "/") return path == "/" ? std::string_view() : path;
    return path.substr(folder.size());
}

std::string joined(std::string_view folder, std::string_view rest) {
    return folder == "/" && rest.starts_with('/') ? std::string(rest) : std::string(folder) + std::string(rest);
}

// "/", "/run", "/run/docker.sock".
std::vector<std::string_view> folders_on(std::string_view path) {
    std::vector<std::string_view> folders = {"/"};
    for (std::size_t end = path.find('/', 1); end != std::string_view::npos; end = path.find('/', end + 1)) folders.push_back(path.substr(0, end));
    if (path != "/") folders.push_back(path);
    return folders;
}

struct Candidate {
    std::string path;
    std::string api;
};

std::vector<std::string> texts_in(const std::vector<DaemonSetting>& settings, std::string_view name) {
    std::vector<std::string> texts;
    for (const DaemonSetting& setting : settings) {
        if (setting.name != name || !setting.value) continue;
        const auto document = json::Document::parse(*setting.value);
        if (!document) continue;
        if (const auto text = document->root().text()) texts.push_back(*text);
        for (const json::Value& item : document->root().items()) {
            if (const auto text = item.text()) texts.push_back(*text);
        }
    }
    return texts;
}

std::vector<Candidate> candidates_of(const std::vector<DaemonSetting>& settings) {
    std::vector<Candidate> candidates = {{"/run/docker.sock", "docker"}, {"/run/containerd/containerd.sock", "containerd"}};
    for (std::string host : texts_in(settings, "hosts")) {
        if (host.starts_with("unix://")) candidates.push_back({host.substr(7), "docker"});
    }
    for (const std::string& address : texts_in(settings, "containerd"))
        candidates.push_back({address.starts_with("unix://") ? address.substr(7) : address, "containerd"});
    auto roots = texts_in(settings, "exec-root");
    if (roots.empty()) roots.emplace_back("/run/docker");
    // A dockerd that finds no containerd starts one of its own there (moby, cmd/dockerd).
    for (const std::string& root : roots) candidates.push_back({root + "/containerd/containerd.sock", "containerd"});
    return candidates;
}

class Finder {
  public:
    Finder(Host& host, Found<EngineSocket>& found) : world_(host.world()), found_(found) {}

    // The mounts of one process are the map for paths in its root. root_pid 0: the caller's.
    void add(const Candidate& candidate, std::int64_t root_pid) {
        if (!candidate.path.starts_with('/')) return;
        const std::string path = without_var_run(candidate.path, root_pid);
        if (!asked_.insert({path, root_pid}).second) return;
        const auto stat = world_.read(world::stat_at(path, root_pid));
        const auto file = parsed<FileStat>(*stat, parse_file_stat, found_.problems, Absent::is_nothing);
        if (!file || file->type != "socket") return;
        const auto reading = world_.read(world::file_at(root_pid == 0 ? "/proc/self/mountinfo" : fmt::format("/proc/{}/mountinfo", root_pid)));
        const auto mounts = parsed<std::vector<Mount>>(*reading, parse_mountinfo, found_.problems, Absent::is_a_problem);
        if (!mounts) return;
        const auto place = place_of(*mounts, path);
        if (!place) {
            found_.problems.push_back({reading->locator, "no mount holds " + path});
            return;
        }
        const auto same = [&](const EngineSocket& other) { return other.place == *place; };
        if (std::ranges::none_of(found_.items, same)) found_.items.push_back({path, candidate.api, *place, reading->locator});
    }

  private:
    // The one symbolic link that nearly every distribution has on the way to these sockets (hier(7)).
    std::string without_var_run(const std::string& path, std::int64_t root_pid) {
        if (!path.starts_with("/var/run/")) return path;
        const auto link = world_.read(world::link_at("/var/run", root_pid));
        if (!link->present()) return path;
        const std::string_view target = link->bytes;
        if (target == "/run" || target == "../run") return path.substr(4);
        return path;
    }

    world::World& world_;
    Found<EngineSocket>& found_;
    std::set<std::pair<std::string, std::int64_t>> asked_;
};

}  // namespace

bool is_same_or_above(std::string_view folder, std::string_view path) {
    if (!folder.starts_with('/') || !path.starts_with(folder)) return false;
    return folder == "/" || path.size() == folder.size() || path[folder.size()] == '/';
}

std::optional<std::size_t> covering_mount(const std::vector<Mount>& mounts, std::string_view path) {
    if (!path.starts_with('/')) return std::nullopt;
    std::set<std::int64_t> ids;
    std::map<std::pair<std::int64_t, std::string_view>, std::size_t> by_parent;
    for (std::size_t i = 0; i < mounts.size(); ++i) {
        ids.insert(mounts[i].id);
        if (mounts[i].id != mounts[i].parent_id) by_parent[{mounts[i].parent_id, mounts[i].mount_point}] = i;
    }
    std::optional<std::size_t> current;
    for (std::size_t i = 0; i < mounts.size(); ++i) {
        if (mounts[i].mount_point == "/" && (!ids.contains(mounts[i].parent_id) || mounts[i].id == mounts[i].parent_id)) current = i;
    }
    if (!current) return std::nullopt;
    // Down the path as the kernel walks it; at each folder into what is mounted there, however often.
    std::size_t steps = 0;
    for (const std::string_view folder : folders_on(path)) {
        for (auto next = by_parent.find({mounts[*current].id, folder}); next != by_parent.end() && steps < mounts.size(); ++steps) {
            current = next->second;
            next = by_parent.find({mounts[*current].id, folder});
        }
    }
    return current;
}

std::optional<Place> place_of(const std::vector<Mount>& mounts, std::string_view path) {
    const auto index = covering_mount(mounts, path);
    if (!index || !is_same_or_above(mounts[*index].mount_point, path)) return std::nullopt;
    return Place{mounts[*index].device, joined(mounts[*index].root, below(mounts[*index].mount_point, path))};
}

std::vector<SocketPath> paths_to(const Place& place, const std::vector<Mount>& mounts) {
    std::vector<SocketPath> paths;
    for (std::size_t i = 0; i < mounts.size(); ++i) {
        const Mount& mount = mounts[i];
        if (mount.device != place.device || !is_same_or_above(mount.root, place.path)) continue;
        const std::string_view rest = below(mount.root, place.path);
        SocketPath found{i, joined(mount.mount_point, rest), rest.empty(), false};
        found.is_hidden = covering_mount(mounts, found.path) != i;
        paths.push_back(std::move(found));
    }
    return paths;
}

Found<EngineSocket> engine_sockets(Host& host, const std::vector<DaemonSetting>& settings) {
    Found<EngineSocket> found;
    if (!host.engine_pid()) {
        found.problems.push_back(host.engine_problem());
        return found;
    }
    Finder finder(host, found);
    const auto process = host.world().read(world::engine_process());
    if (const auto document = json::Document::parse(process->bytes)) {
        if (const auto socket = document->root()["socket"].text()) finder.add({*socket, "docker"}, 0);
    }
    for (const Candidate& candidate : candidates_of(settings)) finder.add(candidate, *host.engine_pid());
    return found;
}

}  // namespace bulkhead::host
