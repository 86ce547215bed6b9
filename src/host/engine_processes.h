// SPDX-License-Identifier: Apache-2.0
// The processes that make up an engine: dockerd, its containerd, their shims, and a docker-proxy per published port. Values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/host.h"

namespace bulkhead::host {

// What docker-proxy was started with: libnetwork's cmd/docker-proxy.
struct ProxyArguments {
    std::string protocol, host_ip, container_ip;
    std::optional<std::int64_t> host_port, container_port;
};

struct EngineProcess {
    std::int64_t pid = 0;
    std::string name;  // as the kernel keeps it: 15 bytes, "containerd-shim"
    std::int64_t ppid = 0, uid = 0;
    std::vector<std::string> cmdline;
    std::optional<ProxyArguments> proxy;  // of a docker-proxy
    std::string container_id;             // of a shim: the container it holds
    std::string locator;
};

ProxyArguments parse_proxy_arguments(const std::vector<std::string>& cmdline);

// Only those of this engine: several engines may run on one machine. A docker-proxy is a descendant of the engine's process, the
// others are in its network namespace. A process in a container may call itself what it likes and is none of them.
Found<EngineProcess> engine_processes(Host& host);

}  // namespace bulkhead::host
