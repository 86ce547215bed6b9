// SPDX-License-Identifier: Apache-2.0
// The parts of docker_paths(), one for each kind of thing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/containerd.h"
#include "host/docker_paths.h"

namespace bulkhead::host {

class DockerPathFinder {
  public:
    DockerPathFinder(Host& host, const EngineWord& word, const Found<DaemonSetting>& settings);

    void programs();
    void data_and_settings();
    void units();
    void sockets();
    void keys();
    std::vector<DockerPath> take() { return std::move(paths_); }

  private:
    struct Told {
        std::string by;
        std::string locator;
    };
    // Looks at a path; whether it is there is told by the row. root_pid 0: in the engine's root.
    DockerPath& put(std::string_view thing, std::string path, const Told& told);
    // Where it would be; nothing is looked at.
    void put_absent(std::string_view thing, std::string path, std::string reason);
    void put_problem(std::string_view thing, std::string problem, std::string locator);
    bool is_known(std::string_view thing, const DockerPath& path) const;
    bool has(std::string_view thing) const;
    // The program of a process, as the kernel tells it; "" where it does not.
    std::string put_program_of(std::string_view thing, std::int64_t pid, std::string_view whose);
    void put_in_folders(std::string_view thing, std::string_view program, const std::vector<std::string>& folders, const Told& told);
    void put_runtimes(const std::vector<std::string>& folders);
    void put_unit(std::string_view thing, std::string_view unit);
    void put_engine_sockets();
    std::vector<std::string> sockets_of_unit();
    void put_key(std::string_view thing, std::string_view setting_name, std::string_view default_file);
    void put_registry_files();
    const DaemonSetting* setting(std::string_view name) const;
    [[nodiscard]] Problem problem_of_settings() const;
    [[nodiscard]] Problem problem_of_containerd() const;

    Host& host_;
    const EngineWord& word_;
    const Found<DaemonSetting>& settings_;
    std::int64_t engine_;
    Found<EngineProcess> processes_;
    Found<Containerd> containerds_;
    std::vector<DockerPath> paths_;
};

}  // namespace bulkhead::host
