// SPDX-License-Identifier: Apache-2.0
#include "tables/facts.h"

#include <vector>

#include "build/build_files.h"
#include "image/images.h"

namespace bulkhead::tables {

Facts::Facts(world::World& world_of_run)
    : world(world_of_run),
      engine(world_of_run),
      host(world_of_run),
      images_(std::make_unique<image::Images>(world_of_run)),
      build_(std::make_unique<build::BuildFiles>(world_of_run)) {}

Facts::~Facts() = default;

// The slowest first: the programs take a few milliseconds each, the engine's inspects the more the more containers there are.
Facts& Facts::beside() {
    others_.push_back(std::make_unique<Facts>(world));
    others_.back()->attestations = attestations;
    others_.back()->show_values = show_values;
    others_.back()->trust_policy = trust_policy;
    others_.back()->build().give(build().input());
    return *others_.back();
}

void Facts::prefetch() {
    std::vector<world::Request> requests;
    if (const auto& pid = host.engine_pid()) {
        for (const std::string_view program : world::program_names) requests.push_back(world::program_in(program, *pid));
    }
    for (const char* target : {"/containers/json?all=1", "/info", "/networks", "/images/json?all=0", "/events?recent", "/version", "/plugins"}) {
        requests.push_back(world::engine_get(target));
    }
    world.prefetch(requests);
    engine.prefetch_containers();
    // Meanwhile, what needs no other thread: whose processes are in which container.
    host.process_index();
    engine.prefetch_networks_and_images();
}

}  // namespace bulkhead::tables
