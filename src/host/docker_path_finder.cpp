// SPDX-License-Identifier: Apache-2.0
#include "host/docker_path_finder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "host/engine_processes.h"

namespace bulkhead::host {

namespace {

std::string folder_of(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

// Where a program is looked for when it is named without a path: PATH of a service (systemd.exec(5)). The environment is not read.
constexpr std::string_view program_folders[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"};

// "/var/lib/docker/231072.231072" is the folder of the remapped user in the data root (userns-remap).
std::string without_remapped_user(const std::string& root) {
    const std::string name = root.substr(root.rfind('/') + 1);
    const auto parts = text::split(name, '.');
    const bool is_remapped = parts.size() == 2 && text::to_integer(parts[0]) && text::to_integer(parts[1]);
    return is_remapped ? folder_of(root) : root;
}

}  // namespace

DockerPathFinder::DockerPathFinder(Host& host, const EngineWord& word, const Found<DaemonSetting>& settings)
    : host_(host),
      word_(word),
      settings_(settings),
      engine_(*host.engine_pid()),
      processes_(engine_processes(host)),
      containerds_(containerds(host, processes_)) {}

DockerPath& DockerPathFinder::put(std::string_view thing, std::string path, const Told& told) {
    DockerPath& row = paths_.emplace_back();
    row.thing = thing;
    row.path = std::move(path);
    row.found_by = told.by;
    row.found_locator = told.locator;
    if (!row.path.starts_with('/')) {
        row.problem = "the path is relative to where the program was started: " + text::printable(row.path);
        return row;
    }
    const auto reading = host_.world().read(world::stat_at(row.path, engine_));
    row.locator = reading->locator;
    std::vector<Problem> problems;
    row.stat = parsed<FileStat>(*reading, parse_file_stat, problems, Absent::is_nothing);
    if (!problems.empty()) row.problem = problems.front().reason;
    if (reading->absent()) row.reason = "not there";
    return row;
}

void DockerPathFinder::put_absent(std::string_view thing, std::string path, std::string reason) {
    DockerPath& row = paths_.emplace_back();
    row.thing = thing;
    row.path = std::move(path);
    row.reason = std::move(reason);
}

void DockerPathFinder::put_problem(std::string_view thing, std::string problem, std::string locator) {
    // Ten folders that are closed for one reason are one thing not known.
    if (std::ranges::any_of(paths_, [&](const DockerPath& other) { return other.thing == thing && other.problem == problem; })) return;
    DockerPath& row = paths_.emplace_back();
    row.thing = thing;
    row.problem = std::move(problem);
    row.found_locator = locator;
    row.locator = std::move(locator);
}

bool DockerPathFinder::is_known(std::string_view thing, const DockerPath& path) const {
    return std::ranges::any_of(paths_, [&](const DockerPath& other) {
        if (&other == &path || other.thing != thing) return false;
        return other.path == path.path || (path.stat && other.stat && other.stat->is_same_file(*path.stat));
    });
}

bool DockerPathFinder::has(std::string_view thing) const { return std::ranges::find(paths_, thing, &DockerPath::thing) != paths_.end(); }

std::string DockerPathFinder::put_program_of(std::string_view thing, std::int64_t pid, std::string_view whose) {
    const auto link = host_.world().read(world::link_at(fmt::format("/proc/{}/exe", pid)));
    if (!link->present()) {
        put_problem(thing, link->absent() ? "the process ended meanwhile" : link->reason, link->locator);
        return {};
    }
    constexpr std::string_view replaced = " (deleted)";
    std::string path = link->bytes;
    // Upgraded under the running process: the file that is there now is what starts next.
    if (path.ends_with(replaced)) path.resize(path.size() - replaced.size());
    if (is_known(thing, put(thing, path, {std::string(whose), link->locator}))) paths_.pop_back();
    return path;
}

void DockerPathFinder::put_in_folders(std::string_view thing, std::string_view program, const std::vector<std::string>& folders, const Told& told) {
    for (const std::string& folder : folders) {
        const DockerPath& row = put(thing, folder + "/" + std::string(program), told);
        if ((!row.stat && row.problem.empty()) || is_known(thing, row)) paths_.pop_back();
    }
    if (!has(thing)) put_absent(thing, std::string(program), "not installed");
}

void DockerPathFinder::put_runtimes(const std::vector<std::string>& folders) {
    if (!word_.problem.empty()) return put_problem("runc", word_.problem, word_.locator);
    for (const std::string& runtime : word_.runtimes) {
        const Told told{"the runtimes of the engine", word_.locator};
        if (runtime.starts_with('/')) {
            if (is_known("runc", put("runc", runtime, told))) paths_.pop_back();
        } else {
            put_in_folders("runc", runtime, folders, told);
        }
    }
    if (!has("runc")) put_absent("runc", "", "the engine names no runtime with a program of its own");
}

void DockerPathFinder::programs() {
    put_program_of("dockerd", engine_, "the engine's process");
    std::vector<std::string> folders;
    const auto add_folder = [&](std::string folder) {
        if (std::ranges::find(folders, folder) == folders.end()) folders.push_back(std::move(folder));
    };
    for (const Containerd& one : containerds_.items) {
        if (const std::string path = put_program_of("containerd", one.pid, "containerd's process"); path.starts_with('/')) add_folder(folder_of(path));
    }
    if (containerds_.items.empty()) put_problem("containerd", problem_of_containerd().reason, problem_of_containerd().locator);
    for (const std::string_view folder : program_folders) add_folder(std::string(folder));
    for (const EngineProcess& process : processes_.items) {
        if (!process.name.starts_with("containerd-shim")) continue;
        const auto link = host_.world().read(world::link_at(fmt::format("/proc/{}/exe", process.pid)));
        if (!link->present()) continue;  // the same program lies in a folder, below
        const std::string name = link->bytes.substr(link->bytes.rfind('/') + 1);
        const std::string_view thing = name == "containerd-shim"           ? "containerd_shim"
                                       : name == "containerd-shim-runc-v1" ? "containerd_shim_runc_v1"
                                       : name == "containerd-shim-runc-v2" ? "containerd_shim_runc_v2"
                                                                           : "";
        if (!thing.empty()) put_program_of(thing, process.pid, "a shim's process");
    }
    const Told told{"where containerd looks for it", ""};
    put_in_folders("containerd_shim", "containerd-shim", folders, told);
    put_in_folders("containerd_shim_runc_v1", "containerd-shim-runc-v1", folders, told);
    put_in_folders("containerd_shim_runc_v2", "containerd-shim-runc-v2", folders, told);
    put_runtimes(folders);
}

void DockerPathFinder::data_and_settings() {
    if (word_.data_root) {
        put("data_root", word_.remaps_users ? without_remapped_user(*word_.data_root) : *word_.data_root, {"the engine's word", word_.locator});
    } else {
        put_problem("data_root", word_.problem.empty() ? "the engine does not tell its data root" : word_.problem, word_.locator);
    }
    const auto config = dockerd_config_path(host_);
    if (config) {
        put("config_dir", folder_of(config->path), {"the folder of the engine's settings", config->locator});
        put("daemon_json", config->path, {"the engine's command line", config->locator});
    } else {
        put_problem("config_dir", config.error().message, problem_of_settings().locator);
        put_problem("daemon_json", config.error().message, problem_of_settings().locator);
    }
    put("etc_default", "/etc/default/docker", {"where Debian's and Docker's packages have it", ""});
    put("etc_sysconfig", "/etc/sysconfig/docker", {"where packages of Fedora's family have it", ""});
    for (const Containerd& one : containerds_.items) put("containerd_config", one.config, {"containerd's command line", one.cmdline_locator});
    if (containerds_.items.empty()) put_problem("containerd_config", problem_of_containerd().reason, problem_of_containerd().locator);
}

const DaemonSetting* DockerPathFinder::setting(std::string_view name) const {
    const auto found = std::ranges::find(settings_.items, name, &DaemonSetting::name);
    return found == settings_.items.end() ? nullptr : &*found;
}

Problem DockerPathFinder::problem_of_settings() const {
    return settings_.problems.empty() ? Problem{fmt::format("file:/proc/{}/cmdline", engine_), "the engine's settings are not known"}
                                      : settings_.problems.front();
}

Problem DockerPathFinder::problem_of_containerd() const {
    if (!containerds_.problems.empty()) return containerds_.problems.front();
    return {"directory:/proc", "no containerd of this engine is in sight"};
}

}  // namespace bulkhead::host
