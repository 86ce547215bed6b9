// SPDX-License-Identifier: Apache-2.0
// What an Engine has read so far in this run. Private to the engine's own files.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/engine.h"

namespace bulkhead::engine {

struct Engine::Memo {
    std::unique_ptr<Listing<ContainerSummary>> container_summaries;
    std::unique_ptr<Listing<Container>> containers;
    std::map<std::string, Listing<Container>> container;
    std::map<std::string, Listing<Exec>> execs;
    std::unique_ptr<Listing<Network>> network_summaries;
    std::unique_ptr<Listing<Network>> networks;
    std::map<std::string, Listing<Network>> network;
    std::unique_ptr<Listing<Image>> images;
    std::unique_ptr<Listing<ImageDetail>> image_details;
    std::unique_ptr<Listing<ImageHistory>> image_histories;
    std::map<std::string, Listing<ImageHistory>> image_history;
    std::unique_ptr<Listing<Volume>> volumes;
    std::unique_ptr<Listing<Event>> events;
    std::unique_ptr<Listing<Info>> info;
    std::unique_ptr<Listing<Version>> version;
    std::unique_ptr<Listing<SwarmCluster>> swarm;
    std::unique_ptr<Listing<Node>> nodes;
    std::unique_ptr<Listing<Service>> services;
    std::unique_ptr<Listing<Task>> tasks;
    std::unique_ptr<Listing<Secret>> secrets;
    std::unique_ptr<Listing<Secret>> configs;
};

}  // namespace bulkhead::engine
