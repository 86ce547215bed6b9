// SPDX-License-Identifier: Apache-2.0
// The collector thread: follows the engine's events, and reads everything anew when the engine was away, when events were lost and, in a
// swarm, from time to time, because other nodes' containers make no events here.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "agent/live_roster.h"
#include "world/live/live_reader.h"

namespace bulkhead::agent {

struct CollectorCounts {
    std::uint64_t events = 0;
    std::uint64_t full_readings = 0;
    std::uint64_t engine_gone = 0;    // times that the engine stopped answering, or did not at the start
    std::uint64_t events_broken = 0;  // that could not be understood; each leads to a full reading
    std::uint64_t unreadable = 0;     // problems of all full readings
    bool engine_answers = false;
    std::string last_problem;
};

class Collector {
  public:
    // REQUIRES: reader and identities outlive it. The functions are called by its thread and may be empty.
    Collector(world::LiveReader& reader, Identities& identities, std::function<void(const Life&)> on_life, std::function<void()> on_namespaces);

    void run(const std::stop_token& stop);

    // Any thread.
    void wait_until_ready(const std::stop_token& stop, std::chrono::milliseconds time_max);  // the first reading is done, or has failed
    void look_again();                                                                       // somebody met an address that should have a name
    [[nodiscard]] bool settled() const;  // nothing happened just now that may still give an address its name
    [[nodiscard]] CollectorCounts counts() const;
    [[nodiscard]] std::string node() const;

  private:
    void read_all();
    bool follow(const std::stop_token& stop);
    void take_lines(std::string& buffer);
    void wait(const std::stop_token& stop, std::chrono::milliseconds time);

    world::LiveReader& reader_;
    LiveRoster roster_;
    std::function<void()> on_namespaces_;
    std::chrono::steady_clock::time_point read_at_;
    std::chrono::steady_clock::duration reading_took_{};
    bool read_again_ = false;
    std::atomic<bool> asked_again_ = false;
    std::atomic<std::int64_t> last_event_ns_ = 0;  // steady clock
    mutable std::mutex mutex_;                     // guards counts_, node_ and ready_
    std::condition_variable_any changed_;
    CollectorCounts counts_;
    std::string node_;
    bool ready_ = false;
};

}  // namespace bulkhead::agent
