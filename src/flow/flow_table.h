// SPDX-License-Identifier: Apache-2.0
// Packets to flows: the same engine for capture files and, later, for what the kernel hands up. Bounded: when it is full, a flow that
// was silent for long goes first, and is counted. Time is the packets' own. Owned by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "flow/record.h"

namespace bulkhead::flow {

struct Limits {
    std::size_t flows_max = 1'000'000;
    // How long a flow may be silent before it is over. 0: for ever.
    std::int64_t tcp_idle_ns = 300'000'000'000;
    std::int64_t other_idle_ns = 60'000'000'000;
    // What comes late for a connection that is over still belongs to it.
    std::int64_t linger_ns = 2'000'000'000;
};

struct Counts {
    std::uint64_t packets = 0;  // that are some flow's
    std::uint64_t bytes = 0;
    std::uint64_t flows = 0;             // that began
    std::uint64_t evicted = 0;           // before their time, because the table was full
    std::uint64_t orphan_fragments = 0;  // later fragments whose first was not seen: a flow without ports
};

struct Arrival {
    packet::Packet packet;
    std::uint32_t wire_bytes = 0;
    std::int64_t time_ns = 0;
};

class FlowTable {
  public:
    using Ended = std::function<void(const Record&)>;
    using Each = std::function<void(std::size_t, Record&)>;

    // ended: called for each flow once, when it is over and nothing more belongs to it, from add and finish.
    FlowTable(Limits limits, Ended ended, std::uint64_t seed = 0x243f6a8885a308d3ULL);
    ~FlowTable();
    FlowTable(const FlowTable&) = delete;
    FlowTable& operator=(const FlowTable&) = delete;

    // wire_bytes: the frame's. The record is good until the next call; its l7 fields are the caller's to write.
    Record& add(const packet::Packet& packet, std::uint32_t wire_bytes, std::int64_t time_ns);
    // The same for packets that come together, which costs less: what they need is fetched while others are worked on. each, which may
    // be empty, gets the number in `packets` and the record of each, in order.
    void add(std::span<const Arrival> packets, const Each& each);
    // All flows that are left are told, as running.
    void finish();
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] const Counts& counts() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace bulkhead::flow
