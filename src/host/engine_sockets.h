// SPDX-License-Identifier: Apache-2.0
// Where the control sockets of the engine and of containerd lie, told by the kernel's mounts and not by their paths: which filesystem,
// and where in it. Through these two numbers they are found again in other mount namespaces, whatever they are called there. Values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/dockerd_config.h"
#include "host/host.h"
#include "host/mountinfo.h"

namespace bulkhead::host {

// A place that is the same in every mount namespace (proc_pid_mountinfo(5)).
struct Place {
    std::string device;  // "0:25"
    std::string path;    // in that filesystem

    bool operator==(const Place&) const = default;
};

struct EngineSocket {
    std::string path;  // as the engine, or the caller who speaks to it, knows it; without symbolic links of /var/run
    std::string api;   // docker, containerd
    Place place;
    std::string locator;  // of the mounts that decided
};

// A way from a mount namespace to a socket: the mount that is the socket, or holds a folder above it.
struct SocketPath {
    std::size_t mount = 0;  // index
    std::string path;       // in the mount namespace
    bool is_direct = false;
    bool is_hidden = false;  // another mount lies on top
};

// The sockets there are: the one that was answered on, those of the settings, and containerd's usual ones.
Found<EngineSocket> engine_sockets(Host& host, const std::vector<DaemonSetting>& settings);

// The index of the mount that a path goes through: later mounts cover earlier ones. Nothing for a relative path or no root mount.
std::optional<std::size_t> covering_mount(const std::vector<Mount>& mounts, std::string_view path);
std::optional<Place> place_of(const std::vector<Mount>& mounts, std::string_view path);
std::vector<SocketPath> paths_to(const Place& place, const std::vector<Mount>& mounts);

// The same path, or a folder above it. "/run" is above "/run/x" and not above "/running".
bool is_same_or_above(std::string_view folder, std::string_view path);

}  // namespace bulkhead::host
