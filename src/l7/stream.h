// SPDX-License-Identifier: Apache-2.0
// One direction of a TCP connection as a stream: what came twice is left out, what came early waits for a moment, and what never comes is
// told as a gap. Owned by the inspector's thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "l7/bytes.h"
#include "l7/inspector.h"

namespace bulkhead::l7 {

inline constexpr std::size_t early_segments_max = 8;    // that wait for one before them; then that one is given up
inline constexpr std::size_t early_bytes_max = 16'384;  // of them

class Stream {
  public:
    // What is next in the stream: bytes, and how many behind them never come. Calls of `next` are for the caller to make until false.
    struct Run {
        Span bytes;
        std::uint32_t cut = 0;
    };
    void add(const Segment& segment);
    void end() { over_ = true; }  // what waits is waited for no longer
    bool next(Run& run);          // run is good until the next call of add or next
    [[nodiscard]] std::uint64_t gaps() const { return gaps_; }

  private:
    struct Early {
        std::uint32_t sequence = 0;
        std::uint32_t wire_bytes = 0;
        std::string bytes;
    };
    bool pass(std::uint32_t sequence, Span bytes, std::uint32_t wire_bytes, Run& run);
    void keep_early(const Segment& segment);

    Segment now_{};
    bool has_now_ = false;
    bool known_ = false;
    bool over_ = false;
    std::uint32_t next_ = 0;  // the sequence number of the next byte
    std::uint64_t gaps_ = 0;
    std::vector<Early> early_;
    std::string passing_;  // what an early one held, while it is read
};

}  // namespace bulkhead::l7
