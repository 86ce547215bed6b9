// SPDX-License-Identifier: Apache-2.0
// A flow between two ports that says what a test lets it say.
#pragma once

#include <string>
#include <string_view>

#include "l7/inspector.h"
#include "packet/testing/capture_maker.h"

namespace bulkhead::l7::testing {

using packet::made::big;
using packet::made::hex;
using packet::made::little;

class Talk {
  public:
    explicit Talk(std::uint16_t port, bool tcp = true, Limits limits = {}) : inspector(limits) {
        record.key.low_port = 40'000;
        record.key.high_port = port;
        record.key.network_and_protocol = tcp ? packet::protocol::tcp : packet::protocol::udp;
    }

    // wire: where the capture cut the payload, what it had. True: more is wanted.
    bool ask(std::string_view bytes, std::uint32_t wire = 0) { return say(true, bytes, wire); }
    bool answer(std::string_view bytes, std::uint32_t wire = 0) { return say(false, bytes, wire); }
    bool say(bool from_source, std::string_view bytes, std::uint32_t wire = 0) {
        now_ns += 1'000'000;
        Segment segment;
        segment.from_source = from_source;
        segment.bytes = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
        segment.wire_bytes = wire == 0 ? static_cast<std::uint32_t>(bytes.size()) : wire;
        segment.time_ns = now_ns;
        return inspector.feed(record.l7_slot, record, segment);
    }
    bool segment(bool from_source, std::uint32_t sequence, std::string_view bytes) {
        Segment segment;
        segment.from_source = from_source;
        segment.bytes = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
        segment.wire_bytes = static_cast<std::uint32_t>(bytes.size());
        segment.time_ns = now_ns += 1'000'000;
        segment.has_sequence = true;
        segment.sequence = sequence;
        return inspector.feed(record.l7_slot, record, segment);
    }
    flow::L7 end() {
        const flow::L7Ptr out = inspector.take(record.l7_slot);
        return out ? *out : flow::L7{};
    }

    Inspector inspector;
    flow::Record record;
    std::int64_t now_ns = 1'795'348'800'000'000'000;
};

}  // namespace bulkhead::l7::testing
