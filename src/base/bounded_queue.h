// SPDX-License-Identifier: Apache-2.0
// What one thread hands to another: never more than so many, and what finds no place is counted and dropped, so that whoever puts in
// never waits. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace bulkhead {

template <class T>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t items_max) : items_max_(items_max) {}

    // False: it was full, or is closed.
    bool put(T item) {
        {
            const std::scoped_lock lock(mutex_);
            if (items_.size() >= items_max_ || closed_) {
                ++dropped_;
                return false;
            }
            items_.push_back(std::move(item));
            if (items_.size() > 1) return true;  // who waits was woken by the first
        }
        wake_.notify_one();
        return true;
    }

    // All that is there, in order; waits for the first of them at most so long. Empty: nothing came, or the queue is closed and empty.
    // `into` is emptied first and lends its memory.
    void take_all(std::vector<T>& into, std::chrono::milliseconds wait_max) {
        into.clear();
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, wait_max, [this] { return !items_.empty() || closed_; });
        std::swap(into, items_);
    }

    // What is in it can still be taken, nothing more can be put in.
    void close() {
        {
            const std::scoped_lock lock(mutex_);
            closed_ = true;
        }
        wake_.notify_all();
    }
    [[nodiscard]] bool closed() const {
        const std::scoped_lock lock(mutex_);
        return closed_;
    }
    [[nodiscard]] std::uint64_t dropped() const {
        const std::scoped_lock lock(mutex_);
        return dropped_;
    }
    [[nodiscard]] std::size_t size() const {
        const std::scoped_lock lock(mutex_);
        return items_.size();
    }

  private:
    const std::size_t items_max_;
    mutable std::mutex mutex_;  // guards all below
    std::condition_variable wake_;
    std::vector<T> items_;
    std::uint64_t dropped_ = 0;
    bool closed_ = false;
};

}  // namespace bulkhead
