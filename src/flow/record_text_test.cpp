// SPDX-License-Identifier: Apache-2.0
#include "flow/record_text.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace bulkhead::flow {
namespace {

packet::Address v4(std::uint8_t last) { return mapped({10, 0, 0, last}, true); }

Record sample() {
    Record record;
    record.key = {v4(1), v4(2), 443, 40000, packet::protocol::tcp};
    record.source_is_low = false;
    record.source_certain = true;
    record.first_ns = 1'795'348'800'123'456'789;  // 2026-11-22T12:00:00.123456789Z
    record.last_ns = record.first_ns + 2'000'000'000;
    record.sent[0] = {.packets = 6, .bytes = 424, .payload_bytes = 100, .tcp_flags = 0x1b};
    record.sent[1] = {.packets = 4, .bytes = 120'000, .retransmits = 2, .tcp_flags = 0x12};
    record.handshake_ns = 1'234'567;
    record.closed_by = Side::source;
    record.end = End::closed;
    return record;
}

std::string json_of(const Record& record) {
    std::string out;
    append_json(out, record);
    return out;
}

TEST(FlowText, json_has_the_schema_and_leaves_out_what_is_not_known) {
    EXPECT_EQ(json_of(sample()),
              "{\"schema\":\"bulkhead.flow/"
              "1\",\"time\":\"2026-11-22T12:00:00.123Z\",\"end_time\":\"2026-11-22T12:00:02.123Z\",\"source\":{\"ip\":\"10.0.0.2\",\"port\":40000},"
              "\"destination\":{\"ip\":\"10.0.0.1\",\"port\":443},\"protocol\":\"tcp\",\"packets\":{\"to_destination\":6,\"to_source\":4},"
              "\"bytes\":{\"to_destination\":424,\"to_source\":120000},\"tcp\":{\"flags\":\"FSPA/"
              "SA\",\"rtt_us\":1234,\"retransmits\":2,\"resets\":0,\"zero_windows\":0,"
              "\"closed_by\":\"source\",\"source_certain\":true},\"end\":\"closed\"}");
}

TEST(FlowText, an_overlay_in_the_clear_is_not_encrypted_and_esp_is) {
    Record overlay = sample();
    overlay.key.network_and_protocol |= 4097U << 8;
    overlay.tunnelled = true;
    EXPECT_FALSE(encrypted(overlay).has_value()) << "nobody saw the wire";
    overlay.seen_clear = true;
    overlay.outer_source = v4(8);
    overlay.outer_destination = v4(9);
    EXPECT_NE(json_of(overlay).find("\"vni\":4097,\"encrypted\":false,\"outer\":{\"source\":\"10.0.0.8\",\"destination\":\"10.0.0.9\"}"), std::string::npos);
    Record esp = sample();
    esp.key = {v4(1), v4(2), 0, 0, packet::protocol::esp};
    EXPECT_NE(json_of(esp).find("\"encrypted\":true"), std::string::npos);
    EXPECT_EQ(json_of(esp).find("port"), std::string::npos);
    EXPECT_FALSE(encrypted(sample()).has_value());
    overlay.seen_clear = false;
    overlay.seen_sealed = true;
    EXPECT_EQ(encrypted(overlay), true);
    overlay.seen_clear = true;
    EXPECT_EQ(encrypted(overlay), false) << "once in the clear is in the clear";
}

TEST(FlowText, compact_is_one_line) {
    std::string out;
    append_compact(out, sample());
    EXPECT_EQ(out, "12:00:00.123 tcp 10.0.0.2:40000 -> 10.0.0.1:443 6/4 packets 424 B/120.0 kB rtt 1.2 ms 2 retransmits closed by source");
}

TEST(FlowText, ipv6_ends_are_bracketed) {
    Record record = sample();
    record.key.low = {0xfd, 0};
    record.key.low[15] = 1;
    std::string out;
    append_compact(out, record);
    EXPECT_NE(out.find("-> [fd00::1]:443"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::flow
