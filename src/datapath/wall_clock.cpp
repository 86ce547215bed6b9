// SPDX-License-Identifier: Apache-2.0
#include "datapath/wall_clock.h"

#include <cstdlib>
#include <ctime>
#include <ranges>

namespace bulkhead::datapath {

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t slewed_ns = 1'000'000;     // less is not worth an epoch: NTP moves a clock by 500 us in a second
constexpr std::int64_t stepped_ns = 100'000'000;  // more was no slewing

std::int64_t now_of(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * second_ns + time.tv_nsec;
}

}  // namespace

WallClock::Reading WallClock::read() { return {now_of(CLOCK_MONOTONIC), now_of(CLOCK_REALTIME)}; }

void WallClock::measure(const Reading& reading) {
    const std::int64_t offset = reading.realtime_ns - reading.monotonic_ns;
    if (epochs_.empty()) {
        epochs_.push_back({reading.monotonic_ns, offset});
        return;
    }
    const std::int64_t moved = std::llabs(offset - epochs_.back().offset_ns);
    if (moved < slewed_ns) return;
    if (moved >= stepped_ns) ++steps_;
    epochs_.push_back({reading.monotonic_ns, offset});
    if (epochs_.size() > epochs_max) epochs_.pop_front();
}

std::int64_t WallClock::of(std::uint64_t first_ns, std::uint64_t then_ns) const {
    const auto first = static_cast<std::int64_t>(first_ns);
    std::int64_t offset = epochs_.empty() ? 0 : epochs_.front().offset_ns;  // also of what was before the first measurement
    for (const Epoch& epoch : std::views::reverse(epochs_)) {
        if (epoch.from_ns > first) continue;
        offset = epoch.offset_ns;
        break;
    }
    return static_cast<std::int64_t>(then_ns) + offset;
}

}  // namespace bulkhead::datapath
