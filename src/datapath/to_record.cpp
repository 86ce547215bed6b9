// SPDX-License-Identifier: Apache-2.0
#include "datapath/to_record.h"

#include <cstring>

namespace bulkhead::datapath {

namespace {

static_assert(static_cast<int>(flow::End::running) == kernel::end_running && static_cast<int>(flow::End::closed) == kernel::end_closed &&
              static_cast<int>(flow::End::reset) == kernel::end_reset && static_cast<int>(flow::End::idle) == kernel::end_idle &&
              static_cast<int>(flow::End::replaced) == kernel::end_replaced && static_cast<int>(flow::End::evicted) == kernel::end_evicted);

flow::Direction direction_of(const kernel::sender& sender) {
    return {.packets = sender.packets,
            .bytes = sender.bytes,
            .payload_bytes = sender.payload_bytes,
            .retransmits = sender.retransmits,
            .resets = sender.resets,
            .zero_windows = sender.zero_windows,
            .tcp_flags = sender.tcp_flags};
}

flow::TcpSender tcp_of(const kernel::sender& sender, std::uint64_t first_ns, const WallClock& clock) {
    return {.next = sender.next,
            .hole_begin = sender.hole_begin,
            .hole_end = sender.hole_end,
            .timed = sender.timed,
            .timed_at = sender.timed_at == 0 ? 0 : clock.of(first_ns, sender.timed_at),
            .known = sender.known != 0,
            .timing = sender.timing != 0,
            .finished = sender.finished != 0};
}

flow::Side side_of(std::uint8_t closed_by, bool source_is_low) {
    if (closed_by == kernel::side_none) return flow::Side::none;
    return (closed_by == kernel::side_low) == source_is_low ? flow::Side::source : flow::Side::destination;
}

}  // namespace

flow::Key to_key(const kernel::flow_key& key) {
    flow::Key out;
    std::memcpy(out.low.data(), &key.low, out.low.size());
    std::memcpy(out.high.data(), &key.high, out.high.size());
    out.low_port = key.low_port;
    out.high_port = key.high_port;
    out.network_and_protocol = key.protocol;
    return out;
}

FlowRef to_ref(const kernel::flow_key& key, std::uint64_t serial) { return {key.interface, to_key(key), serial}; }

flow::Record to_record(const kernel::flow_state& state, const WallClock& clock) {
    flow::Record record;
    record.key = to_key(state.key);
    record.first_ns = clock.of(state.first_ns, state.first_ns);
    record.last_ns = clock.of(state.first_ns, state.last_ns);
    record.source_is_low = state.source_is_low != 0;
    record.source_certain = state.source_certain != 0;
    record.end = static_cast<flow::End>(state.end);
    record.closed_by = side_of(state.closed_by, record.source_is_low);
    record.vlan = state.vlan;
    for (std::size_t end = 0; end < 2; ++end) {
        const kernel::sender& sender = state.sent[record.source_is_low ? end : 1 - end];
        record.sent[end] = direction_of(sender);
        record.tcp[end] = tcp_of(sender, state.first_ns, clock);
        record.round_trip[end] = {.sum = sender.trip_sum, .least = sender.trip_least, .count = sender.trip_count};
    }
    record.handshake_ns = state.handshake_ns;
    record.syn_ns = state.syn_ns < 0 ? -1 : clock.of(state.first_ns, static_cast<std::uint64_t>(state.syn_ns));
    record.initial_sequence = state.initial_sequence;
    record.fragments = state.fragments;
    return record;
}

flow::Record to_record(const kernel::word& word, const WallClock& clock) {
    flow::Record record;
    record.key = to_key(word.key);
    record.first_ns = clock.of(word.serial, word.serial);
    record.last_ns = clock.of(word.serial, word.time_ns);
    record.source_is_low = word.source_is_low != 0;
    record.source_certain = word.source_certain != 0;
    record.vlan = word.vlan;
    flow::Direction& sent = record.sent[word.from_low == word.source_is_low ? 0 : 1];
    sent.packets = 1;
    sent.bytes = word.frame_bytes;
    sent.payload_bytes = word.payload_bytes;
    sent.tcp_flags = word.tcp_flags;
    return record;
}

}  // namespace bulkhead::datapath
