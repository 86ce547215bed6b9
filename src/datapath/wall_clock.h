// SPDX-License-Identifier: Apache-2.0
// The kernel's monotonic times as times of day. A flow's first packet has the time of day that was right when it came, however the clock was
// set since; what comes later in the flow is that plus what passed. So a stepped clock changes no order and no duration within a flow.
// Owned by the datapath thread.
#pragma once

#include <cstdint>
#include <deque>

namespace bulkhead::datapath {

class WallClock {
  public:
    struct Reading {
        std::int64_t monotonic_ns = 0;
        std::int64_t realtime_ns = 0;
    };
    static Reading read();

    // Takes note of how far the clocks are apart now. The first call is needed before anything is asked.
    void measure(const Reading& reading);
    // The time of day of something within a flow that began at `first` (both monotonic).
    [[nodiscard]] std::int64_t of(std::uint64_t first_ns, std::uint64_t then_ns) const;
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

  private:
    struct Epoch {
        std::int64_t from_ns;  // monotonic
        std::int64_t offset_ns;
    };
    static constexpr std::size_t epochs_max = 64;
    std::deque<Epoch> epochs_;  // by time
    std::uint64_t steps_ = 0;
};

}  // namespace bulkhead::datapath
