// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp.h"

#include <algorithm>
#include <utility>

namespace bulkhead::flow {

namespace {

using namespace packet::tcp_flag;

// Sequence numbers go round: `a` lies before `b` when that is the shorter way.
bool before(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) < 0; }

// Source and destination change places: the first packet that was seen was the answer.
void turn(Record& record) {
    record.source_is_low = !record.source_is_low;
    std::swap(record.sent[0], record.sent[1]);
    std::swap(record.round_trip[0], record.round_trip[1]);
    std::swap(record.tcp[0], record.tcp[1]);
    std::swap(record.outer_source, record.outer_destination);
    if (record.closed_by != Side::none) record.closed_by = record.closed_by == Side::source ? Side::destination : Side::source;
}

// New bytes move the sender on; bytes that were all seen before were sent again, unless they fill the gap that was left.
void follow_sequence(TcpSender& sender, Direction& sent, std::uint32_t begin, std::uint32_t length, std::int64_t time_ns) {
    const std::uint32_t end = begin + length;
    if (!sender.known) {
        sender.known = true;
        sender.next = end;
        sender.hole_begin = sender.hole_end = begin;
    } else if (before(sender.next, end)) {
        if (before(sender.next, begin)) {
            sender.hole_begin = sender.next;
            sender.hole_end = begin;
        }
        sender.next = end;
    } else {
        const bool fills = sender.hole_begin != sender.hole_end && !before(begin, sender.hole_begin) && !before(sender.hole_end, end);
        if (fills) {
            sender.hole_begin = begin == sender.hole_begin ? end : sender.hole_begin;
            return;
        }
        // A keep-alive repeats one byte, or none, on purpose (RFC 9293, section 3.8.4).
        if (length <= 1 && begin + 1 == sender.next && !sender.finished) return;
        ++sent.retransmits;
        // Whose answer comes now cannot be told (Karn).
        sender.timing = false;
        return;
    }
    if (!sender.timing) {
        sender.timing = true;
        sender.timed = end;
        sender.timed_at = time_ns;
    }
}

void follow_acknowledgement(TcpSender& acknowledged, RoundTrip& to_receiver, std::uint32_t number, std::int64_t time_ns) {
    if (!acknowledged.timing || before(number, acknowledged.timed)) return;
    acknowledged.timing = false;
    to_receiver.add(time_ns - acknowledged.timed_at);
}

}  // namespace

void RoundTrip::add(std::int64_t nanoseconds) {
    if (nanoseconds < 0) return;  // a clock that was set back, or packets out of order
    const auto value = static_cast<std::uint64_t>(nanoseconds);
    sum += value;
    least = std::min(least, value);
    ++count;
}

bool begins_another(const Record& record, const packet::Packet& packet, int sender) {
    if ((packet.tcp.flags & (syn | ack)) != syn) return false;
    const bool over = record.end != End::running;
    // The same SYN again is a repetition, also when the first was answered.
    if (sender == 0 && record.source_certain && packet.tcp.sequence == record.initial_sequence) return over && record.end != End::reset;
    // The other end's SYN while the first waits for its answer: both open at once (RFC 9293, section 3.5).
    if (sender == 1 && record.sent[1].packets == 0 && !over) return false;
    return over || record.source_certain || (record.sent[0].tcp_flags & syn) != 0 || record.sent[static_cast<std::size_t>(sender)].packets > 0;
}

void follow_tcp(Record& record, const packet::Packet& packet, int sender, std::int64_t time_ns) {
    const std::uint8_t flags = packet.tcp.flags;
    const bool is_syn = (flags & syn) != 0;
    const bool is_ack = (flags & ack) != 0;
    if (is_syn && !record.source_certain) {
        const int began = is_ack ? 1 - sender : sender;
        if (began == 1) {
            turn(record);
            sender = 1 - sender;
        }
        record.source_certain = true;
        record.initial_sequence = is_ack ? packet.tcp.acknowledgement - 1 : packet.tcp.sequence;
    }
    Direction& sent = record.sent[static_cast<std::size_t>(sender)];
    TcpSender& own = record.tcp[static_cast<std::size_t>(sender)];
    TcpSender& other = record.tcp[static_cast<std::size_t>(1 - sender)];
    sent.tcp_flags |= flags;
    if (is_syn && !is_ack && sender == 0) record.syn_ns = time_ns;
    if ((flags & rst) != 0) {
        ++sent.resets;
        if (record.closed_by == Side::none) record.closed_by = sender == 0 ? Side::source : Side::destination;
        if (record.end == End::running) record.end = End::reset;
        return;
    }
    if (packet.tcp.window == 0 && !is_syn && (flags & fin) == 0) ++sent.zero_windows;
    const std::uint32_t length = packet.payload_length + (is_syn ? 1U : 0U) + ((flags & fin) != 0 ? 1U : 0U);
    if (length > 0) follow_sequence(own, sent, packet.tcp.sequence, length, time_ns);
    if (is_ack) {
        // What the source sent is acknowledged by the destination, and the time is that of the way there.
        follow_acknowledgement(other, record.round_trip[static_cast<std::size_t>(sender)], packet.tcp.acknowledgement, time_ns);
        if (sender == 0 && !is_syn && record.handshake_ns < 0 && record.syn_ns >= 0 && (record.sent[1].tcp_flags & syn) != 0)
            record.handshake_ns = std::max<std::int64_t>(0, time_ns - record.syn_ns);
    }
    if ((flags & fin) != 0) {
        own.finished = true;
        if (record.closed_by == Side::none) record.closed_by = sender == 0 ? Side::source : Side::destination;
        if (other.finished && record.end == End::running) record.end = End::closed;
    }
}

bool is_over(const Record& record) { return record.end == End::closed || record.end == End::reset; }

}  // namespace bulkhead::flow
