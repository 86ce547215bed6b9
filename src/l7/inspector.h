// SPDX-License-Identifier: Apache-2.0
// What is said in flows: payload in, flow::L7 out. It is given the payloads of each flow in the order they were seen, all of them or only
// the first bytes of each direction, and keeps of a flow what it still needs: nothing once nothing more is to be learned. Pure; every
// byte may be hostile. Owned by one thread.
//
// A flow's owner keeps a slot (0 at first) and asks as long as feed says true:
//     if (!record.l7_closed) record.l7_closed = !inspector.feed(record.l7_slot, record, segment);
// and takes what was learned when the flow ends: inspector.take(record.l7_slot). Each slot must be taken once, or its entry is never free.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "flow/l7.h"
#include "flow/record.h"

namespace bulkhead::l7 {

struct Limits {
    std::size_t open_max = 32'768;  // flows being looked into at a time; beyond, one of the oldest is closed with what is known of it
};

struct Counts {
    std::uint64_t named = 0;    // flows of which the protocol was recognised
    std::uint64_t unknown = 0;  // flows with payload that said nothing to anybody
    std::uint64_t evicted = 0;  // closed before their time, because open_max were open
    std::uint64_t gaps = 0;     // pieces of a TCP stream that never came, or only in part
};

// Payload of one packet, or of several that follow each other without a gap.
struct Segment {
    bool from_source = true;              // as in flow::Record
    std::span<const std::uint8_t> bytes;  // the captured part
    std::uint32_t wire_bytes = 0;         // what it had on the wire: more than bytes.size() where it was cut
    std::int64_t time_ns = 0;
    bool has_sequence = false;   // TCP, and packets may be out of order, twice or missing: sequence is that of bytes[0].
    std::uint32_t sequence = 0;  // Without it segments are taken to follow each other.
};

class Inspector {
  public:
    explicit Inspector(Limits limits = {});
    ~Inspector();
    Inspector(const Inspector&) = delete;
    Inspector& operator=(const Inspector&) = delete;

    // record: its ends, ports and protocol. False: nothing more is to be learned, further payload need not be shown.
    bool feed(std::uint32_t& slot, const flow::Record& record, const Segment& segment);
    // What is known so far, as a copy; null where it is nothing. Answers may still be outstanding.
    [[nodiscard]] flow::L7Ptr look(std::uint32_t slot) const;
    // What was learned; null where it is nothing. The slot is 0 afterwards.
    flow::L7Ptr take(std::uint32_t& slot);

    [[nodiscard]] const Counts& counts() const;
    [[nodiscard]] std::size_t open() const;     // flows being looked into
    [[nodiscard]] std::size_t entries() const;  // flows of which something is kept: these and what is known of others

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Every name that L7::name and L7::application can have, sorted.
const std::vector<std::string_view>& names();

}  // namespace bulkhead::l7
