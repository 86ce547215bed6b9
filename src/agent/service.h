// SPDX-License-Identifier: Apache-2.0
// The agent as a service: what it sees goes into the history, what it counts and cannot see too, and both are told on the status socket.
// Owned by the thread that starts it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "agent/agent.h"
#include "agent/config.h"
#include "agent/metrics.h"
#include "agent/status_server.h"
#include "history/writer.h"
#include "world/live/docker_context.h"

namespace bulkhead::agent {

class Service {
  public:
    // engine: where it is, as the configuration says or as docker would choose.
    static Result<std::unique_ptr<Service>> start(Config config, world::EngineAddress engine);
    ~Service();  // as stop()
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // Everything that goes on is told and written, then all of it ends.
    void stop();
    // What changed is taken over: the parts it concerns end and begin anew, and the time between is a blind spot of the history. An error
    // leaves nothing running: the caller ends the program, and its supervisor starts it again.
    Result<void> reload(Config config, world::EngineAddress engine);
    void note_reload_error(std::string message);  // a configuration that was refused; the old one goes on

    [[nodiscard]] ServiceStatus status() const;
    [[nodiscard]] const Config& config() const { return config_; }

  private:
    Service() = default;
    Result<void> begin(Config config, world::EngineAddress engine);
    [[nodiscard]] AgentSinks sinks();
    void keep_counters(const std::stop_token& stop);
    void note_losses(const AgentStatus& now);
    [[nodiscard]] std::optional<Page> page(std::string_view path) const;

    Config config_;
    UnixMs started_ms_ = 0;
    std::unique_ptr<history::Writer> writer_;
    std::unique_ptr<Agent> agent_;
    std::unique_ptr<StatusServer> server_;
    std::jthread counting_;
    mutable std::mutex mutex_;  // guards all below
    std::uint64_t reloads_ = 0;
    std::string last_reload_error_;
    std::map<std::string, std::uint64_t> told_losses_;  // by cause, as of the last look
    UnixMs looked_ms_ = 0;
};

}  // namespace bulkhead::agent
