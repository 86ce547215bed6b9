// SPDX-License-Identifier: Apache-2.0
// Sockets of containers' network namespaces, with the process that holds each. One dump per distinct namespace. Values.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "host/host.h"
#include "host/sockets.h"

namespace bulkhead::host {

struct ContainerSocket {
    ContainerRef container;
    Socket socket;
    // The holder: a process of the container, or the engine itself (its DNS server lives in the container's namespace). Nothing
    // where no such process holds it: closed by its process (TIME_WAIT), or held from outside.
    std::optional<std::int64_t> pid;
    std::string process_name;
    std::string exe;
    std::vector<std::string> shared_with;  // names of other containers in this namespace; "host" for the engine's own
    std::string locator;
};

// In a namespace of several containers a socket is told of the one that holds it; one that none of them holds is told of all.
// In the engine's own namespace (network mode host) only what the container's processes hold is the container's.
Found<ContainerSocket> container_sockets(Host& host, std::span<const ContainerRef> containers);

}  // namespace bulkhead::host
