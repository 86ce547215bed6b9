// SPDX-License-Identifier: Apache-2.0
// Where the things that Docker is made of really lie on this host: programs, folders, settings, units, sockets, keys. Told by the
// processes and the settings in force and not by habit; each path with what told it. Values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/dockerd_config.h"
#include "host/file_stat.h"
#include "host/host.h"

namespace bulkhead::host {

inline constexpr std::size_t registry_files_max = 2000;

// What the engine says of itself, handed down by the room that reads it.
struct EngineWord {
    std::optional<std::string> data_root;
    std::vector<std::string> runtimes;  // programs: "runc", "/usr/bin/crun"
    bool remaps_users = false;
    std::string problem;  // why nothing is known
    std::string locator;
};

struct DockerPath {
    std::string thing;     // a name of docker_things
    std::string path;      // in the engine's root; empty: not told
    std::string found_by;  // "the engine's process", "the setting tlscacert", "where packages put it"
    std::string found_locator;
    std::optional<FileStat> stat;  // follows links; nothing: not there
    std::string locator;           // of that
    std::string reason;            // why it is not there or need not be: "no TLS is set up"
    std::string problem;           // why nothing can be told: then nothing may be concluded
};

inline constexpr std::string_view docker_things[] = {
    "dockerd",
    "containerd",
    "containerd_shim",
    "containerd_shim_runc_v1",
    "containerd_shim_runc_v2",
    "runc",
    "data_root",
    "config_dir",
    "daemon_json",
    "service_unit",
    "socket_unit",
    "docker_sock",
    "etc_default",
    "etc_sysconfig",
    "containerd_sock",
    "containerd_run_dir",
    "containerd_config",
    "tls_ca",
    "tls_cert",
    "tls_key",
    "registry_cert",
};

// At least one for each of docker_things. A problem concerns the one path alone; the engine's process unknown concerns all.
Found<DockerPath> docker_paths(Host& host, const EngineWord& word, const Found<DaemonSetting>& settings);

}  // namespace bulkhead::host
