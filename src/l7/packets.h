// SPDX-License-Identifier: Apache-2.0
// Payload as decoded packets have it, shown to an inspector: what a reader of capture files does with each packet. Pure.
#pragma once

#include "l7/inspector.h"
#include "packet/packet.h"

namespace bulkhead::l7 {

// record: that of the packet's flow, as flow::FlowTable::add gave it.
inline void show(Inspector& inspector, flow::Record& record, const packet::Packet& packet, std::int64_t time_ns) {
    if (record.l7_closed || packet.payload_length == 0 || packet.fragment == packet::Fragment::later || packet.damaged) return;
    Segment segment;
    segment.from_source = packet.source_port == record.source_port() && flow::mapped(packet.source, packet.v4) == record.source();
    segment.bytes = packet.payload;
    segment.wire_bytes = packet.payload_length;
    segment.time_ns = time_ns;
    segment.has_sequence = packet.protocol == packet::protocol::tcp;
    segment.sequence = packet.tcp.sequence + ((packet.tcp.flags & packet::tcp_flag::syn) != 0 ? 1 : 0);
    record.l7_closed = !inspector.feed(record.l7_slot, record, segment);
}

}  // namespace bulkhead::l7
