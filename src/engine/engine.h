// SPDX-License-Identifier: Apache-2.0
// Docker Engine's own word, as C++ values: each list is read and parsed once per run, inspects in parallel. Bytes come from world/.
// References stay good as long as the Engine. Owned by the query's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/container.h"
#include "engine/event.h"
#include "engine/image.h"
#include "engine/info.h"
#include "engine/network.h"
#include "engine/swarm.h"
#include "engine/volume.h"
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
    std::string locator;       // of the list itself
};

class Engine {
  public:
    explicit Engine(world::World& world);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    [[nodiscard]] world::World& world() const { return world_; }

    // Start inspecting, and return as soon as the lists are read.
    void prefetch_containers();
    void prefetch_networks_and_images();

    const Listing<ContainerSummary>& container_summaries();
    const Listing<Container>& containers();  // all of them, inspected
    // The one of this id (64 digits) or name, inspected alone; no items where there is none.
    const Listing<Container>& container(const std::string& id_or_name);
    // The exec instances the engine still knows in this container (ExecIDs), inspected.
    const Listing<Exec>& execs(const Container& container);

    const Listing<Network>& network_summaries();  // without endpoints
    const Listing<Network>& networks();
    const Listing<Network>& network(const std::string& id_or_name);  // several may have one name

    const Listing<Image>& images();
    const Listing<ImageDetail>& image_details();
    const Listing<ImageHistory>& image_histories();
    const Listing<ImageHistory>& image_history(const std::string& image_id);

    const Listing<Volume>& volumes();
    const Listing<Event>& events();
    // One item, or none and the problem.
    const Listing<Info>& info();
    const Listing<Version>& version();

    // Of a manager. Not in a swarm: no items. A worker, or a swarm that is locked or broken: no items and the problem.
    const Listing<SwarmCluster>& swarm();
    const Listing<Node>& nodes();
    const Listing<Service>& services();
    const Listing<Task>& tasks();
    const Listing<Secret>& secrets();
    const Listing<Secret>& configs();

  private:
    struct Memo;
    [[nodiscard]] bool swarm_manager(std::vector<Problem>& problems);
    template <class T, class Ask>
    const Listing<T>& swarm_list(std::unique_ptr<Listing<T>>& memo, const char* target, Ask ask);

    world::World& world_;
    std::unique_ptr<Memo> memo_;
};

}  // namespace bulkhead::engine
