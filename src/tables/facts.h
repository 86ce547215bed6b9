// SPDX-License-Identifier: Apache-2.0
// What the tables of one run read from: the engine's word and the host's word over the same world. Owned by the query's thread.
#pragma once

#include <memory>
#include <vector>

#include "engine/engine.h"
#include "host/host.h"
#include "tables/attestation.h"
#include "trust/policy.h"
#include "world/world.h"

namespace bulkhead::image {
class Images;
}

namespace bulkhead::build {
class BuildFiles;
}

namespace bulkhead::tables {

class Facts {
  public:
    explicit Facts(world::World& world_of_run);
    ~Facts();
    Facts(const Facts&) = delete;
    Facts& operator=(const Facts&) = delete;

    // Starts reading what nearly every control asks for, on the world's threads; returns at once.
    void prefetch();

    // Facts for another thread over the same world. They live as long as these: rows made of them may be shared (sql/made_rows.h).
    Facts& beside();

    world::World& world;
    engine::Engine engine;
    host::Host host;
    std::vector<Attestation> attestations;  // what the user brought along
    bool show_values = false;               // environment values and other secrets are shown only where the user asked for them

    // Whose signatures count; null: nobody said. Outlives these facts.
    const trust::Policy* trust_policy = nullptr;

    // What lies in images.
    [[nodiscard]] image::Images& images() const { return *images_; }
    // Dockerfiles and Compose files that the caller named.
    [[nodiscard]] build::BuildFiles& build() { return *build_; }

  private:
    std::unique_ptr<image::Images> images_;
    std::unique_ptr<build::BuildFiles> build_;
    std::vector<std::unique_ptr<Facts>> others_;
};

}  // namespace bulkhead::tables
