// SPDX-License-Identifier: Apache-2.0
// A run's view of the outside: every request is read once and remembered, on a small pool of threads where several are wanted at
// once. All rooms above world/ read through this class, whichever Reader is behind it.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "world/reader.h"

namespace bulkhead::world {

class World {
  public:
    // REQUIRES: the reader outlives the world.
    explicit World(Reader& reader, unsigned threads = 6);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // The answer, read now or earlier in this run. Any thread but the pool's own.
    ReadingPtr read(const Request& request);
    // Starts reading and returns at once; a later read() of the same waits for it. Any thread.
    void prefetch(std::span<const Request> requests);
    // Reads all, in parallel, in the order asked.
    std::vector<ReadingPtr> read_all(std::span<const Request> requests);

    // What the user brought along and no reader knows, under a locator of its own. Any thread.
    void include(Reading reading);

    [[nodiscard]] UnixMs as_of() const { return reader_.as_of(); }
    // When the thing at this locator was read in this run; 0 where it was not.
    [[nodiscard]] UnixMs read_at(const std::string& locator) const;
    // All finished readings of this run that could not be read (denied or failed), ordered by locator; probes nobody asked for left out.
    [[nodiscard]] std::vector<ReadingPtr> unreadable() const;
    [[nodiscard]] std::size_t readings_count() const;

  private:
    using Slot = std::shared_future<ReadingPtr>;
    struct Job {
        Request request;
        std::promise<ReadingPtr> promise;
    };
    Slot start(const Request& request);
    void work(const std::stop_token& stop);
    std::deque<Job>::iterator startable();  // REQUIRES: mutex_ is held

    Reader& reader_;
    mutable std::mutex mutex_;  // guards slots_, jobs_ and long_running_
    std::unordered_map<std::string, Slot> slots_;
    std::deque<Job> jobs_;
    unsigned long_running_ = 0;
    const unsigned long_running_max_;
    std::condition_variable_any wake_;
    std::vector<std::jthread> threads_;
};

}  // namespace bulkhead::world
