// SPDX-License-Identifier: Apache-2.0
// What is known of one flow. Directions are seen from who began: `source` is the end that sent the first packet (of TCP: the SYN, or
// the one who was answered by a SYN-ACK). A value; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "flow/key.h"

namespace bulkhead::flow {

enum class Side : std::uint8_t { none, source, destination };

// Why a flow is over.
enum class End : std::uint8_t {
    running,   // it is not
    closed,    // FIN both ways, acknowledged or not
    reset,     // RST
    idle,      // nothing for as long as its kind may be silent
    replaced,  // another connection began between the same ports
    evicted,   // the table was full
};
std::string_view name(End end);

struct Direction {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;          // of frames on the wire, all headers included: what an interface counts
    std::uint64_t payload_bytes = 0;  // behind the transport header
    std::uint32_t retransmits = 0;    // segments of which all was seen before
    std::uint32_t resets = 0;
    std::uint32_t zero_windows = 0;
    std::uint8_t tcp_flags = 0;  // all that were seen
};

// Round-trip times between the place of the capture and one end, in nanoseconds.
struct RoundTrip {
    std::uint64_t sum = 0;
    std::uint64_t least = UINT64_MAX;
    std::uint32_t count = 0;
    void add(std::int64_t nanoseconds);
};

// What has to be remembered of a TCP sender to tell old bytes from new ones, and to time an answer (tcp.cpp).
struct TcpSender {
    std::uint32_t next = 0;        // behind the highest byte sent
    std::uint32_t hole_begin = 0;  // one gap that may still be filled
    std::uint32_t hole_end = 0;
    std::uint32_t timed = 0;  // the acknowledgement that ends the measurement
    std::int64_t timed_at = 0;
    bool known = false;
    bool timing = false;
    bool finished = false;  // sent FIN
};

// In the order of use: what each packet touches comes first.
struct alignas(64) Record {
    Key key;
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    bool source_is_low = true;
    bool source_certain = false;  // TCP: by SYN or SYN-ACK
    End end = End::running;
    Side closed_by = Side::none;  // who sent the first FIN or the RST
    bool tunnelled : 1 = false;
    bool seen_sealed : 1 = false;  // packets of it came out of ESP that could be opened
    bool seen_clear : 1 = false;   // packets of it lay open in an overlay's frames
    bool l7_closed : 1 = false;    // nobody wants to see more of its payload (l7/inspector.h)
    std::uint16_t vlan = 0;
    std::array<Direction, 2> sent;        // by source, by destination
    std::array<TcpSender, 2> tcp;         // source, destination
    std::array<RoundTrip, 2> round_trip;  // to source, to destination
    std::int64_t handshake_ns = -1;       // SYN to the ACK of the SYN-ACK; -1 was not seen
    std::int64_t syn_ns = -1;             // when the source asked last; -1 was not seen
    std::uint32_t initial_sequence = 0;   // of source's SYN
    std::uint32_t fragments = 0;          // that came without ports of their own
    packet::Address outer_source{};       // mapped; of the first packet: the nodes
    packet::Address outer_destination{};
    std::uint32_t l7_slot = 0;  // what is being learned of its payload

    [[nodiscard]] const packet::Address& source() const { return source_is_low ? key.low : key.high; }
    [[nodiscard]] const packet::Address& destination() const { return source_is_low ? key.high : key.low; }
    [[nodiscard]] std::uint16_t source_port() const { return source_is_low ? key.low_port : key.high_port; }
    [[nodiscard]] std::uint16_t destination_port() const { return source_is_low ? key.high_port : key.low_port; }
};
static_assert(sizeof(Record) == 320, "whoever needs another line of the cache for each flow decides it here");

}  // namespace bulkhead::flow
