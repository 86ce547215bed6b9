// SPDX-License-Identifier: Apache-2.0
// Everything that looks at this host, together: a collector thread (engine events to identities), a datapath thread (kernel to words) and
// a flow thread (words to flows with their meaning). Between them stand bounded queues; what is dropped is counted. Needs root.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "agent/agent_status.h"
#include "agent/collector.h"
#include "agent/meaning.h"
#include "agent/namespace_watch.h"
#include "agent/translator.h"
#include "base/bounded_queue.h"
#include "datapath/datapath.h"
#include "l7/inspector.h"
#include "world/live/fd.h"

namespace bulkhead::agent {

struct AgentOptions {
    world::EngineAddress engine;
    datapath::Options datapath;
    std::size_t words_max = 131'072;  // that wait for the flow thread
    AssemblyLimits assembly;
};

// Who is told. Each may be empty; each is called by one thread alone, named behind it.
struct AgentSinks {
    std::function<void(const flow::Observed&, flow::Moment)> flow;        // flow thread
    std::function<void(const Life&)> life;                                // collector thread
    std::function<void(std::string_view where, const Error& why)> blind;  // datapath thread: something cannot be metered
};

class Agent {
  public:
    // Returns when the kernel meters, or with why it cannot: permission_denied (not root), unavailable (another agent runs), unsupported.
    // An engine that does not answer is no error: flows are without names until it does, and the status says so.
    static Result<std::unique_ptr<Agent>> start(AgentOptions options, AgentSinks sinks);
    ~Agent();  // as stop()
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    // Detaches, tells every flow that is left as over, and returns when all of it was told.
    void stop();
    [[nodiscard]] AgentStatus status() const;  // any thread; as of the last half second

  private:
    Agent(AgentOptions options, AgentSinks sinks);
    void run_datapath(const std::stop_token& stop, std::promise<Result<void>>& opened);
    void run_flows();
    void find_engine();
    void want_namespaces();
    void wait_for_work(const datapath::Datapath& datapath, const NamespaceWatch& namespaces) const;
    void tell_blind(std::string_view where, const Error& why) const;
    [[nodiscard]] datapath::Callbacks callbacks();
    [[nodiscard]] MeaningParts parts(Translator& translator, l7::Inspector& inspector);

    const AgentOptions options_;
    const AgentSinks sinks_;
    world::LiveReader reader_;
    Identities identities_;
    Collector collector_;
    std::atomic<std::int64_t> engine_pid_ = 0;     // 0: not known, the engine is elsewhere or away; another one after its restart
    std::atomic<std::uint64_t> engine_netns_ = 0;  // inode
    BoundedQueue<Word> words_;
    std::atomic<bool> look_at_namespaces_ = true;
    world::Fd wake_;            // an eventfd: the datapath thread has something to do beside its packets
    mutable std::mutex mutex_;  // guards status_
    AgentStatus status_;
    std::jthread collecting_, metering_, meaning_;  // end in the order of stop()
};

}  // namespace bulkhead::agent
