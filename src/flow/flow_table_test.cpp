// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_table.h"

#include <gtest/gtest.h>

#include "flow/record_text.h"
#include "packet/testing/capture_maker.h"

namespace bulkhead::flow {
namespace {

using namespace packet::made;
using packet::Packet;
namespace flag = packet::tcp_flag;

constexpr std::int64_t ms = 1'000'000;

struct Segment {
    bool from_client = true;
    std::uint8_t flags = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::uint32_t length = 0;
    std::uint16_t window = 1000;
    std::uint16_t client_port = 40000;
};

Packet packet_of(const Segment& segment) {
    Packet out;
    out.protocol = packet::protocol::tcp;
    out.source = segment.from_client ? packet::Address{10, 0, 0, 9} : packet::Address{10, 0, 0, 2};
    out.destination = segment.from_client ? packet::Address{10, 0, 0, 2} : packet::Address{10, 0, 0, 9};
    out.source_port = segment.from_client ? segment.client_port : 443;
    out.destination_port = segment.from_client ? 443 : segment.client_port;
    out.tcp = {segment.sequence, segment.acknowledgement, segment.window, segment.flags};
    out.payload_length = segment.length;
    return out;
}

Packet datagram(std::uint8_t last, std::uint16_t port) {
    Packet out;
    out.protocol = packet::protocol::udp;
    out.source = {10, 0, 0, last};
    out.destination = {10, 0, 0, 53};
    out.source_port = port;
    out.destination_port = 53;
    out.payload_length = 30;
    return out;
}

class Flows : public testing::Test {
  protected:
    FlowTable table{{}, [this](const Record& record) { ended.push_back(record); }};
    std::vector<Record> ended;

    void say(const Segment& segment, std::int64_t time) { table.add(packet_of(segment), 54 + segment.length, time); }
    void handshake(std::int64_t start, std::uint32_t client = 1000, std::uint32_t server = 5000, std::uint16_t port = 40000) {
        say({true, flag::syn, client, 0, 0, 1000, port}, start);
        say({false, flag::syn | flag::ack, server, client + 1, 0, 1000, port}, start + 3 * ms);
        say({true, flag::ack, client + 1, server + 1, 0, 1000, port}, start + 4 * ms);
    }
};

TEST_F(Flows, a_connection_from_its_first_packet_to_its_last) {
    handshake(0);
    say({true, flag::ack | flag::psh, 1001, 5001, 100}, 5 * ms);
    say({false, flag::ack, 5001, 1101, 0}, 7 * ms);
    say({false, flag::ack | flag::psh, 5001, 1101, 500}, 8 * ms);
    say({true, flag::ack, 1101, 5501, 0}, 9 * ms);
    say({true, flag::fin | flag::ack, 1101, 5501}, 10 * ms);
    say({false, flag::fin | flag::ack, 5501, 1102}, 11 * ms);
    say({true, flag::ack, 1102, 5502}, 12 * ms);
    table.finish();
    ASSERT_EQ(ended.size(), 1U);
    const Record& record = ended[0];
    EXPECT_EQ(record.end, End::closed);
    EXPECT_EQ(record.closed_by, Side::source);
    EXPECT_TRUE(record.source_certain);
    EXPECT_EQ(record.source_port(), 40000);
    EXPECT_EQ(record.destination_port(), 443);
    EXPECT_EQ(record.sent[0].packets, 6U);
    EXPECT_EQ(record.sent[1].packets, 4U);
    EXPECT_EQ(record.sent[0].bytes, 6U * 54 + 100);
    EXPECT_EQ(record.sent[1].payload_bytes, 500U);
    EXPECT_EQ(record.handshake_ns, 4 * ms);
    EXPECT_EQ(record.round_trip[1].least, 1U * ms);  // the FIN's; SYN 3 ms, data 2 ms
    EXPECT_EQ(record.round_trip[1].count, 3U);
    EXPECT_EQ(record.round_trip[0].count, 3U);
    EXPECT_EQ(record.sent[0].retransmits + record.sent[1].retransmits, 0U);
    EXPECT_EQ(record.first_ns, 0);
    EXPECT_EQ(record.last_ns, 12 * ms);
}

TEST_F(Flows, who_began_is_told_by_the_answer_where_the_question_was_missed) {
    say({false, flag::syn | flag::ack, 5000, 1001}, 0);
    say({true, flag::ack, 1001, 5001}, 1);
    table.finish();
    EXPECT_TRUE(ended.at(0).source_certain);
    EXPECT_EQ(ended.at(0).source_port(), 40000);
    EXPECT_EQ(ended.at(0).sent[0].packets, 1U);
}

TEST_F(Flows, without_either_the_first_who_spoke_is_the_source_and_not_certain) {
    say({false, flag::ack, 5001, 1001, 10}, 0);
    table.finish();
    EXPECT_FALSE(ended.at(0).source_certain);
    EXPECT_EQ(ended.at(0).source_port(), 443);
}

TEST_F(Flows, what_is_sent_again_is_counted_and_what_comes_late_is_not) {
    handshake(0);
    say({true, flag::ack, 1001, 5001, 100}, 5 * ms);
    say({true, flag::ack, 1001, 5001, 100}, 6 * ms);  // again
    say({true, flag::ack, 1201, 5001, 100}, 7 * ms);  // 1101 to 1200 are on their way
    say({true, flag::ack, 1101, 5001, 100}, 8 * ms);  // late
    say({true, flag::ack, 1101, 5001, 100}, 9 * ms);  // and again
    say({true, flag::ack, 1300, 5001, 1}, 10 * ms);   // a keep-alive
    table.finish();
    EXPECT_EQ(ended.at(0).sent[0].retransmits, 2U);
}

TEST_F(Flows, an_answer_to_what_was_sent_twice_is_no_measurement) {
    handshake(0);
    const auto before = table.add(packet_of({true, flag::ack, 1001, 5001, 100}), 154, 5 * ms).round_trip[1].count;
    say({true, flag::ack, 1001, 5001, 100}, 200 * ms);
    EXPECT_EQ(table.add(packet_of({false, flag::ack, 5001, 1101}), 54, 201 * ms).round_trip[1].count, before);
}

TEST_F(Flows, sequence_numbers_go_round) {
    handshake(0, 0xffffff00);
    say({true, flag::ack, 0xffffff01, 5001, 0x200}, 5 * ms);
    say({true, flag::ack, 0x101, 5001, 0x10}, 6 * ms);
    table.finish();
    EXPECT_EQ(ended.at(0).sent[0].retransmits, 0U);
}

TEST_F(Flows, resets_name_who_broke_off) {
    handshake(0);
    say({false, flag::rst, 5001, 0}, 5 * ms);
    say({false, flag::rst, 5001, 0}, 6 * ms);
    table.finish();
    EXPECT_EQ(ended.at(0).end, End::reset);
    EXPECT_EQ(ended.at(0).closed_by, Side::destination);
    EXPECT_EQ(ended.at(0).sent[1].resets, 2U);
}

TEST_F(Flows, windows_of_zero_are_counted) {
    handshake(0);
    say({false, flag::ack, 5001, 1001, 0, 0}, 5 * ms);
    table.finish();
    EXPECT_EQ(ended.at(0).sent[1].zero_windows, 1U);
}

TEST_F(Flows, ports_used_again_are_another_flow) {
    handshake(0);
    handshake(100 * ms, 9000);
    say({true, flag::syn, 9000, 0}, 200 * ms);  // the same SYN again is not
    table.finish();
    ASSERT_EQ(ended.size(), 2U);
    EXPECT_EQ(ended[0].end, End::replaced);
    EXPECT_EQ(ended[1].sent[0].packets, 3U);
}

TEST_F(Flows, both_opening_at_once_are_one_flow) {
    say({true, flag::syn, 1000, 0}, 0);
    say({false, flag::syn, 5000, 0}, 1);
    say({true, flag::syn | flag::ack, 1000, 5001}, 2);
    say({false, flag::syn | flag::ack, 5000, 1001}, 3);
    table.finish();
    EXPECT_EQ(ended.size(), 1U);
}

TEST_F(Flows, silence_ends_a_flow_also_when_nothing_else_passes) {
    table.add(datagram(1, 1000), 72, 0);
    table.add(datagram(1, 1000), 72, 61'000 * ms);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].end, End::idle);
    EXPECT_EQ(table.size(), 1U);
}

TEST_F(Flows, what_is_over_goes_while_others_pass) {
    handshake(0);
    say({true, flag::rst, 1001, 0}, 5 * ms);
    for (int i = 0; i < 2100; ++i) table.add(datagram(1, 1000), 72, 10'000 * ms + i);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].end, End::reset);
}

TEST(FlowTable, a_full_table_lets_the_oldest_go_and_counts) {
    std::uint64_t told = 0;
    FlowTable table({.flows_max = 100, .other_idle_ns = 0}, [&](const Record& record) {
        told += record.sent[0].packets;
        EXPECT_EQ(record.end == End::evicted || record.end == End::running, true);
    });
    for (int i = 0; i < 10'000; ++i) table.add(datagram(static_cast<std::uint8_t>(i / 256 % 256), static_cast<std::uint16_t>(i)), 72, i);
    EXPECT_EQ(table.size(), 100U);
    EXPECT_EQ(table.counts().evicted, 9900U);
    EXPECT_EQ(table.counts().flows, 10'000U);
    table.finish();
    EXPECT_EQ(told, 10'000U);
    EXPECT_EQ(table.counts().packets, 10'000U);
}

TEST(FlowTable, many_flows_that_come_and_go_are_all_told_once_with_all_their_packets) {
    std::uint64_t packets = 0, flows = 0;
    FlowTable table({.other_idle_ns = 50}, [&](const Record& record) {
        ++flows;
        packets += record.sent[0].packets + record.sent[1].packets;
    });
    std::uint32_t state = 7;
    for (int i = 0; i < 300'000; ++i) {
        state = state * 1664525 + 1013904223;
        table.add(datagram(static_cast<std::uint8_t>(state >> 30), static_cast<std::uint16_t>(state >> 17)), 72, i / 100);
    }
    table.finish();
    EXPECT_EQ(packets, 300'000U);
    EXPECT_EQ(flows, table.counts().flows);
    EXPECT_EQ(table.size(), 0U);
}

TEST(FlowTable, fragments_go_to_the_flow_of_their_first) {
    std::vector<Record> ended;
    FlowTable table({}, [&](const Record& record) { ended.push_back(record); });
    Packet first = datagram(1, 1000);
    first.fragment = packet::Fragment::first;
    first.fragment_id = 77;
    Packet later = first;
    later.fragment = packet::Fragment::later;
    later.source_port = later.destination_port = 0;
    table.add(first, 1500, 0);
    table.add(later, 300, 1);
    later.fragment_id = 78;
    table.add(later, 300, 2);
    table.finish();
    ASSERT_EQ(ended.size(), 2U);
    EXPECT_EQ(table.counts().orphan_fragments, 1U);
    for (const Record& record : ended) EXPECT_EQ(record.sent[0].bytes + record.sent[1].bytes, record.source_port() == 0 ? 300U : 1800U);
}

TEST(FlowTable, one_address_in_two_overlays_is_two_ends) {
    FlowTable table({}, nullptr);
    Packet packet = datagram(1, 1000);
    packet.tunnelled = packet.has_vni = true;
    packet.vni = 4097;
    table.add(packet, 122, 0);
    packet.vni = 4098;
    table.add(packet, 122, 0);
    EXPECT_EQ(table.size(), 2U);
}

TEST(FlowTable, families_do_not_mix) {
    FlowTable table({}, nullptr);
    Packet packet = datagram(1, 1000);
    table.add(packet, 72, 0);
    packet.v4 = false;  // 0a00:0001:: and so on
    table.add(packet, 72, 0);
    EXPECT_EQ(table.size(), 2U);
}

// Connections that share ports, begin again, go in pieces and end: some at a time must be what one by one is.
std::vector<Arrival> mixture() {
    std::vector<Arrival> out;
    std::uint32_t state = 7;
    const auto draw = [&state](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return (state >> 16) % below;
    };
    constexpr std::uint8_t kinds[] = {flag::syn, flag::ack, flag::ack, flag::ack, flag::fin | flag::ack, flag::rst};
    for (int i = 0; i < 5000; ++i) {
        Packet packet = draw(4) == 0 ? datagram(static_cast<std::uint8_t>(draw(200)), static_cast<std::uint16_t>(draw(3)))
                                     : packet_of({.from_client = draw(2) == 0,
                                                  .flags = kinds[draw(6)],
                                                  .sequence = draw(1000),
                                                  .acknowledgement = draw(1000),
                                                  .length = draw(100),
                                                  .client_port = static_cast<std::uint16_t>(40000 + draw(300))});
        if (draw(10) == 0) {
            packet.fragment = draw(2) == 0 ? packet::Fragment::first : packet::Fragment::later;
            packet.fragment_id = draw(8);
        }
        out.push_back({packet, 60 + packet.payload_length, static_cast<std::int64_t>(i) * 20 * ms});
    }
    return out;
}

std::vector<std::string> texts_of(const std::vector<Arrival>& packets, std::size_t together, Limits limits, std::vector<std::string>& seen) {
    std::vector<std::string> out;
    FlowTable table(limits, [&out](const Record& record) { append_json(out.emplace_back(), record); });
    const auto note = [&seen](const Record& record) { append_compact(seen.emplace_back(), record); };
    for (std::size_t i = 0; i < packets.size(); i += std::max<std::size_t>(together, 1)) {
        if (together == 0) {
            note(table.add(packets[i].packet, packets[i].wire_bytes, packets[i].time_ns));
        } else {
            table.add(std::span(packets).subspan(i, std::min(together, packets.size() - i)), [&](std::size_t, Record& record) { note(record); });
        }
    }
    table.finish();
    return out;
}

TEST(FlowTable, says_the_same_of_packets_that_come_together) {
    const std::vector<Arrival> packets = mixture();
    for (const std::size_t flows_max : {64UL, 100'000UL}) {
        const Limits limits{.flows_max = flows_max, .other_idle_ns = 5'000 * ms};
        std::vector<std::string> seen;
        const auto one_by_one = texts_of(packets, 0, limits, seen);
        EXPECT_GT(one_by_one.size(), 500U);
        for (const std::size_t together : {1UL, 5UL, 16UL, 100UL}) {
            std::vector<std::string> seen_together;
            EXPECT_EQ(texts_of(packets, together, limits, seen_together), one_by_one) << together << " together, " << flows_max << " at most";
            EXPECT_EQ(seen_together, seen);
        }
    }
}

}  // namespace
}  // namespace bulkhead::flow
