// SPDX-License-Identifier: Apache-2.0
#include "world/world.h"

#include <algorithm>
#include <chrono>

namespace bulkhead::world {

namespace {

// Reading a file of /proc takes less time than handing it to another thread and back.
bool worth_a_thread(Kind kind) {
    return kind == Kind::engine || kind == Kind::engine_process || kind == Kind::program || kind == Kind::netlink || kind == Kind::banner ||
           kind == Kind::latency || kind == Kind::image || kind == Kind::history;
}

// Looking into an image takes seconds or minutes: half of the threads always stay for what takes milliseconds.
bool takes_long(const Request& request) { return request.kind == Kind::image || request.kind == Kind::history; }

}  // namespace

World::World(Reader& reader, unsigned threads) : reader_(reader), long_running_max_(std::max(1U, threads / 2)) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

World::~World() {
    for (auto& thread : threads_) thread.request_stop();
    wake_.notify_all();
}

World::Slot World::start(const Request& request) {
    std::string key = locator(request);
    const std::scoped_lock lock(mutex_);
    if (const auto found = slots_.find(key); found != slots_.end()) return found->second;
    Job job{request, {}};
    Slot slot = job.promise.get_future().share();
    slots_.emplace(std::move(key), slot);
    jobs_.push_back(std::move(job));
    wake_.notify_one();
    return slot;
}

ReadingPtr World::read(const Request& request) {
    {
        // A single cheap read is not worth a hop to another thread.
        std::unique_lock lock(mutex_);
        std::string key = locator(request);
        if (!slots_.contains(key)) {
            std::promise<ReadingPtr> promise;
            slots_.emplace(std::move(key), promise.get_future().share());
            lock.unlock();
            auto reading = std::make_shared<const Reading>(reader_.read(request));
            promise.set_value(reading);
            return reading;
        }
    }
    return start(request).get();
}

void World::prefetch(std::span<const Request> requests) {
    for (const Request& request : requests) start(request);
}

std::vector<ReadingPtr> World::read_all(std::span<const Request> requests) {
    for (const Request& request : requests) {
        if (worth_a_thread(request.kind)) start(request);
    }
    std::vector<ReadingPtr> readings;
    readings.reserve(requests.size());
    for (const Request& request : requests) readings.push_back(read(request));
    return readings;
}

void World::include(Reading reading) {
    std::promise<ReadingPtr> promise;
    const std::scoped_lock lock(mutex_);
    slots_.emplace(reading.locator, promise.get_future().share());
    promise.set_value(std::make_shared<const Reading>(std::move(reading)));
}

void World::work(const std::stop_token& stop) {
    for (;;) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, stop, [this] { return startable() != jobs_.end(); });
        if (stop.stop_requested()) return;  // what nobody started to read is not wanted any more
        const auto next = startable();
        Job job = std::move(*next);
        jobs_.erase(next);
        const bool is_long = takes_long(job.request);
        if (is_long) ++long_running_;
        lock.unlock();
        job.promise.set_value(std::make_shared<const Reading>(reader_.read(job.request)));
        if (!is_long) continue;
        lock.lock();
        --long_running_;
        wake_.notify_all();
    }
}

std::deque<World::Job>::iterator World::startable() {
    return std::ranges::find_if(jobs_, [this](const Job& job) { return !takes_long(job.request) || long_running_ < long_running_max_; });
}

UnixMs World::read_at(const std::string& locator) const {
    const std::scoped_lock lock(mutex_);
    const auto found = slots_.find(locator);
    if (found == slots_.end() || found->second.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return 0;
    return found->second.get()->read_at;
}

std::vector<ReadingPtr> World::unreadable() const {
    std::vector<ReadingPtr> found;
    const std::scoped_lock lock(mutex_);
    for (const auto& [key, slot] : slots_) {
        if (slot.wait_for(std::chrono::seconds(0)) != std::future_status::ready) continue;
        if (auto reading = slot.get(); reading->unreadable() && reading->reason != not_probed && reading->reason != image_content_left_out)
            found.push_back(std::move(reading));
    }
    std::ranges::sort(found, {}, [](const ReadingPtr& reading) { return reading->locator; });
    return found;
}

std::size_t World::readings_count() const {
    const std::scoped_lock lock(mutex_);
    return slots_.size();
}

}  // namespace bulkhead::world
