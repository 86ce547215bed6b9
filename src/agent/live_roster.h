// SPDX-License-Identifier: Apache-2.0
// Keeps Identities true while containers come and go: a full reading at the start, and the engine's events after it. What lives shorter
// than an inspect takes is known by the events alone: its create event has name, image and labels, its network's inspect the address.
// Owned by the collector thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/attachments.h"
#include "agent/roster.h"
#include "engine/event.h"
#include "world/reader.h"

namespace bulkhead::agent {

inline constexpr std::size_t announced_max = 20'000;  // containers that were created and not destroyed, as far as events told

// A container's birth or end, for whoever keeps its life.
struct Life {
    enum class What : std::uint8_t { born, died };
    What what = What::born;
    std::int64_t time_ns = 0;
    flow::Identity identity;
    int exit_code = -1;   // of `died`; -1: not known
    std::string inspect;  // the engine's JSON, secrets taken out; empty: it was gone before it could be read
};

class LiveRoster {
  public:
    // REQUIRES: both outlive it. on_life may be empty.
    LiveRoster(world::Reader& reader, Identities& identities, std::function<void(const Life&)> on_life = {});

    // Everything, anew. What was true before and is no more ends now.
    void read_all(std::int64_t now_ns);
    // Whose the outer ends of interfaces are, for all that run and were not looked at yet: what read_all leaves for later.
    void attach_all();
    enum class Then : std::uint8_t {
        nothing,
        look_at_namespaces,  // a network came or went, or got its first endpoint: there may be another one to watch
        read_all,            // the event says that something changed and not what
    };
    Then apply(const engine::Event& event);

    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }  // of the last full reading
    [[nodiscard]] const std::string& node() const { return node_; }
    [[nodiscard]] bool in_swarm() const { return in_swarm_; }

  private:
    Then apply_container(const engine::Event& event);
    Then apply_network(const engine::Event& event);
    void started(const engine::Event& event);
    void connected(const engine::Event& event);
    void put_others(const engine::Network& network, std::int64_t time_ns);
    void announce(const engine::Event& event);
    void put(Holding holding);
    void ended(const std::string& id, std::int64_t time_ns);
    void tell(Life life) const;
    void tell_running(engine::Engine& engine);
    [[nodiscard]] flow::Identity known_of(const engine::Event& event) const;

    world::Reader& reader_;
    Identities& identities_;
    std::function<void(const Life&)> on_life_;
    std::map<std::string, Holding> held_;              // by container id: what runs
    std::map<std::string, std::int64_t> pids_;         // of those
    std::map<std::string, flow::Identity> announced_;  // by container id
    Spaces spaces_;
    std::map<std::string, std::string> stacks_;  // of services, by name
    std::vector<NetworkFacts> networks_;
    std::vector<std::string> problems_;
    std::string node_;
    bool in_swarm_ = false;
    bool told_running_ = false;
};

}  // namespace bulkhead::agent
