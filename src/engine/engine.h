// SPDX-License-Identifier: Apache-2.0
// Docker Engine's own word, as C++ values: each list is read and parsed once per run, inspects in parallel. Bytes come from world/.
// Owned by the query's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "world/world.h"

namespace bulkhead::engine {

// Something that should be in a listing and could not be read. Rows without it are not the whole truth.
struct Problem {
    std::string locator;
    std::string reason;
    std::string container_id;  // the one container it concerns; empty: the listing
};

template <class T>
struct Listing {
    std::vector<T> items;
    std::vector<Problem> problems;
    std::size_t vanished = 0;  // listed, and gone when inspected: left out and counted
};

class Engine {
  public:
    explicit Engine(world::World& world) : world_(world) {}
    [[nodiscard]] world::World& world() const { return world_; }

  private:
    world::World& world_;
};

}  // namespace bulkhead::engine
