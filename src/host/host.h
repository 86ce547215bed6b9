// SPDX-License-Identifier: Apache-2.0
// The kernel's and the host's word, as C++ values: processes, namespaces, sockets, links, routes, firewall rules. Bytes come from
// world/. "The host" is where the engine runs: its network namespace and its root, never the caller's by assumption.
// Owned by the query's thread.
#pragma once

#include "world/world.h"

namespace bulkhead::host {

class Host {
  public:
    explicit Host(world::World& world) : world_(world) {}
    [[nodiscard]] world::World& world() const { return world_; }

  private:
    world::World& world_;
};

}  // namespace bulkhead::host
