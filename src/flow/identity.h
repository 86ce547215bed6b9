// SPDX-License-Identifier: Apache-2.0
// Who an address was when a packet had it. Made once and never changed: what a flow was given stays true, whoever has the address later.
// Shared by pointer; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulkhead::flow {

enum class Who : std::uint8_t {
    unknown,    // nobody could tell; not the same as external
    container,  // an endpoint of a container that this host's engine runs or ran
    peer,       // a container's or a service's endpoint on another node, by the engine's view of the network
    service,    // the virtual address of a Swarm service
    gateway,    // of a container network: the host as its containers see it
    host,       // an address of this host
    node,       // another node of the swarm
    external,   // no address of any of those
};
std::string_view name(Who who);

// Empty fields do not apply or are not known.
struct Identity {
    Who who = Who::unknown;
    std::string container_id;
    std::string container;  // name without the leading slash
    std::string image;      // as the container was started from
    std::string project;    // com.docker.compose.project, or a stack's namespace
    std::string service;    // of Compose or of Swarm
    std::string task;       // Swarm's task, "web.1.abc"
    std::string network;    // the container network that the address belongs to
    std::string node;
    std::vector<std::pair<std::string, std::string>> labels;  // sorted by name

    // What an edge of a map names: project/service, else container, else what kind of end it is.
    [[nodiscard]] std::string group() const;
};
using IdentityPtr = std::shared_ptr<const Identity>;

// A process that had the connection's socket on this host.
struct Process {
    std::int64_t pid = 0;
    std::string exe;
    std::string name;
    std::uint32_t uid = 0;
};
using ProcessPtr = std::shared_ptr<const Process>;

}  // namespace bulkhead::flow
