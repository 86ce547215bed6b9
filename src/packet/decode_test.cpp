// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "packet/testing/capture_maker.h"

namespace bulkhead::packet {
namespace {

using namespace made;

struct Decoded {
    Outcome outcome;
    Packet packet;
};

Decoded decode_text(const std::string& frame, Link link = Link::ethernet, std::uint32_t wire = 0, const DecodeOptions& options = {}) {
    Decoded out{};
    out.outcome = decode(link, bytes_of(frame), wire == 0 ? static_cast<std::uint32_t>(frame.size()) : wire, options, out.packet);
    return out;
}

std::string text_of(const Packet& packet) { return {reinterpret_cast<const char*>(packet.payload.data()), packet.payload.size()}; }

TEST(Decode, tcp_over_ipv4) {
    const auto got = decode_text(ethernet("0800", ipv4(6, tcp(40000, 443, 0x18, "hello"))));
    ASSERT_EQ(got.outcome, Outcome::ip);
    EXPECT_TRUE(got.packet.v4);
    EXPECT_EQ(got.packet.source, (Address{10, 0, 0, 1}));
    EXPECT_EQ(got.packet.destination, (Address{10, 0, 0, 2}));
    EXPECT_EQ(got.packet.protocol, 6);
    EXPECT_EQ(got.packet.source_port, 40000);
    EXPECT_EQ(got.packet.destination_port, 443);
    EXPECT_EQ(got.packet.tcp.flags, tcp_flag::psh | tcp_flag::ack);
    EXPECT_EQ(got.packet.tcp.sequence, 100U);
    EXPECT_EQ(got.packet.tcp.acknowledgement, 200U);
    EXPECT_EQ(got.packet.tcp.window, 0x7210);
    EXPECT_EQ(got.packet.ip_length, 45U);
    EXPECT_EQ(text_of(got.packet), "hello");
    EXPECT_FALSE(got.packet.damaged);
}

TEST(Decode, padding_is_no_payload) {
    const auto got = decode_text(ethernet("0800", ipv4(6, tcp(1, 2, 0x10))) + std::string(6, '\0'));
    ASSERT_EQ(got.outcome, Outcome::ip);
    EXPECT_EQ(got.packet.payload_length, 0U);
}

TEST(Decode, a_length_of_zero_is_what_the_card_will_cut) {
    const auto got = decode_text(ethernet("0800", ipv4(6, tcp(1, 2, 0x10, std::string(3000, 'x')), 0, "0a000001 0a000002", 0)));
    ASSERT_EQ(got.outcome, Outcome::ip);
    EXPECT_EQ(got.packet.payload_length, 3000U);
    EXPECT_EQ(got.packet.ip_length, 3040U);
}

TEST(Decode, a_short_capture_keeps_the_length_of_the_wire) {
    const std::string whole = ethernet("0800", ipv4(6, tcp(1, 2, 0x10, std::string(1000, 'x'))));
    const auto got = decode_text(whole.substr(0, 60), Link::ethernet, static_cast<std::uint32_t>(whole.size()));
    ASSERT_EQ(got.outcome, Outcome::ip);
    EXPECT_EQ(got.packet.payload_length, 1000U);
    EXPECT_EQ(got.packet.payload.size(), 6U);
    EXPECT_FALSE(got.packet.damaged);
}

TEST(Decode, ports_are_enough_for_a_flow) {
    const std::string whole = ethernet("0800", ipv4(6, tcp(7, 8, 0x02)));
    EXPECT_EQ(decode_text(whole.substr(0, 14 + 20 + 4), Link::ethernet, 54).outcome, Outcome::ip);
    EXPECT_TRUE(decode_text(whole.substr(0, 14 + 20 + 4), Link::ethernet, 54).packet.damaged);
    EXPECT_EQ(decode_text(whole.substr(0, 14 + 20 + 3), Link::ethernet, 54).outcome, Outcome::truncated);
    // The wire itself had no more.
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(6, "abc"))).outcome, Outcome::malformed);
}

TEST(Decode, impossible_headers) {
    EXPECT_EQ(decode_text(ethernet("0800", hex("44 00 00 14") + std::string(16, '\0'))).outcome, Outcome::malformed);  // 16 bytes of header
    EXPECT_EQ(decode_text(ethernet("0800", hex("95 00 00 14") + std::string(16, '\0'))).outcome, Outcome::malformed);  // version 9
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(6, tcp(1, 2, 2), 0, "0a000001 0a000002", 19))).outcome, Outcome::malformed);
    const auto short_tcp = decode_text(ethernet("0800", ipv4(6, tcp(1, 2, 2, "", 4))));
    EXPECT_EQ(short_tcp.outcome, Outcome::ip);
    EXPECT_TRUE(short_tcp.packet.damaged);
    const auto long_tcp = decode_text(ethernet("0800", ipv4(6, tcp(1, 2, 2, "", 15))));
    EXPECT_EQ(long_tcp.outcome, Outcome::ip);
    EXPECT_TRUE(long_tcp.packet.damaged);
}

TEST(Decode, fragments_of_ipv4) {
    const auto first = decode_text(ethernet("0800", ipv4(17, udp(5, 6, "abcdefgh"), 0x2000)));
    ASSERT_EQ(first.outcome, Outcome::ip);
    EXPECT_EQ(first.packet.fragment, Fragment::first);
    EXPECT_EQ(first.packet.fragment_id, 0x1234U);
    EXPECT_EQ(first.packet.destination_port, 6);
    const auto later = decode_text(ethernet("0800", ipv4(17, "abcdefgh", 0x0002)));
    ASSERT_EQ(later.outcome, Outcome::ip);
    EXPECT_EQ(later.packet.fragment, Fragment::later);
    EXPECT_EQ(later.packet.destination_port, 0);
    EXPECT_EQ(later.packet.payload_length, 8U);
}

TEST(Decode, ipv6_with_extension_headers) {
    const std::string hop_by_hop = hex("3c 00 01 04 00000000");
    const std::string destination = hex("11 01") + std::string(14, '\0');
    const auto got = decode_text(ethernet("86dd", ipv6(0, hop_by_hop + destination + udp(53, 54, "x"))));
    ASSERT_EQ(got.outcome, Outcome::ip);
    EXPECT_FALSE(got.packet.v4);
    EXPECT_EQ(got.packet.protocol, 17);
    EXPECT_EQ(got.packet.source_port, 53);
    EXPECT_EQ(text_of(got.packet), "x");
}

TEST(Decode, fragments_of_ipv6) {
    const auto first = decode_text(ethernet("86dd", ipv6(44, hex("11 00 0001 deadbeef") + udp(5, 6, "abcdefgh"))));
    EXPECT_EQ(first.packet.fragment, Fragment::first);
    EXPECT_EQ(first.packet.fragment_id, 0xdeadbeefU);
    const auto later = decode_text(ethernet("86dd", ipv6(44, hex("11 00 0010 deadbeef") + "abcdefgh")));
    EXPECT_EQ(later.packet.fragment, Fragment::later);
    EXPECT_EQ(later.packet.protocol, 17);
    // An atomic fragment (RFC 6946) is whole.
    const auto atomic = decode_text(ethernet("86dd", ipv6(44, hex("11 00 0000 deadbeef") + udp(5, 6, "x"))));
    EXPECT_EQ(atomic.packet.fragment, Fragment::whole);
    EXPECT_EQ(atomic.packet.destination_port, 6);
}

TEST(Decode, extension_headers_without_end) {
    std::string chain;
    for (int i = 0; i < 40; ++i) chain += hex("3c 00 00 00 00000000");
    EXPECT_EQ(decode_text(ethernet("86dd", ipv6(60, chain))).outcome, Outcome::too_deep);
    EXPECT_EQ(decode_text(ethernet("86dd", ipv6(60, hex("11 ff 00 00 00000000")))).outcome, Outcome::malformed);
}

TEST(Decode, tags_and_labels) {
    const std::string inside = ipv4(17, udp(1, 2, "x"));
    const auto one = decode_text(ethernet("8100", hex("0064 0800") + inside));
    EXPECT_EQ(one.outcome, Outcome::ip);
    EXPECT_EQ(one.packet.vlan, 100);
    const auto two = decode_text(ethernet("88a8", hex("0065 8100 a0c8 0800") + inside));
    EXPECT_EQ(two.outcome, Outcome::ip);
    EXPECT_EQ(two.packet.vlan, 200);
    EXPECT_EQ(decode_text(ethernet("8847", hex("00010040 00011140") + inside)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(ethernet("8847", hex("00010040 00011140") + hex("00000000") + ethernet("0800", inside))).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(ethernet("8864", hex("11 00 0001") + big(2 + inside.size(), 2) + hex("0021") + inside)).outcome, Outcome::ip);
    std::string tags;
    for (int i = 0; i < 40; ++i) tags += hex("0064 8100");
    EXPECT_EQ(decode_text(ethernet("8100", tags)).outcome, Outcome::too_deep);
}

TEST(Decode, links_without_ethernet) {
    const std::string inside = ipv4(17, udp(1, 2, "x"));
    EXPECT_EQ(decode_text(inside, link_of(101)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(ipv6(17, udp(1, 2, "x")), link_of(229)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(hex("0000 0001 0006 020000000001 0000 0800") + inside, link_of(113)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(hex("0800 0000 00000002 0001 00 06 0200000000010000") + inside, link_of(276)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(hex("02000000") + inside, link_of(0)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(hex("00000002") + inside, link_of(108)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(hex("1e000000") + ipv6(17, udp(1, 2, "x")), link_of(0)).outcome, Outcome::ip);
    EXPECT_EQ(decode_text(inside, link_of(147)).outcome, Outcome::unknown_link);
}

TEST(Decode, what_is_not_ip_is_told) {
    EXPECT_EQ(decode_text(ethernet("0806", std::string(28, '\0'))).outcome, Outcome::not_ip);
    EXPECT_EQ(decode_text(ethernet("0026", std::string(38, '\0'))).outcome, Outcome::not_ip);
    EXPECT_EQ(decode_text(ethernet("88cc", "")).outcome, Outcome::not_ip);
    EXPECT_EQ(decode_text("short").outcome, Outcome::truncated);
    EXPECT_EQ(decode_text("").outcome, Outcome::truncated);
}

TEST(Decode, vxlan_names_the_network_and_both_nodes) {
    const std::string inner = ethernet("0800", ipv4(6, tcp(3, 80, 2), 0, "0a320102 0a320106"));
    const auto got = decode_text(ethernet("0800", ipv4(17, udp(50000, 4789, vxlan(4097, inner)), 0, "c0000201 c0000202")));
    ASSERT_EQ(got.outcome, Outcome::ip);
    EXPECT_EQ(got.packet.source, (Address{10, 50, 1, 2}));
    EXPECT_EQ(got.packet.destination_port, 80);
    EXPECT_TRUE(got.packet.tunnelled);
    EXPECT_TRUE(got.packet.has_vni);
    EXPECT_EQ(got.packet.vni, 4097U);
    EXPECT_EQ(got.packet.outer_source, (Address{192, 0, 2, 1}));
    EXPECT_EQ(got.packet.outer_destination, (Address{192, 0, 2, 2}));
}

TEST(Decode, vxlan_on_the_port_that_was_named_only) {
    const std::string inner = ethernet("0800", ipv4(6, tcp(3, 80, 2)));
    const std::string other = ethernet("0800", ipv4(17, udp(50000, 7777, vxlan(1, inner))));
    EXPECT_FALSE(decode_text(other).packet.tunnelled);
    EXPECT_TRUE(decode_text(other, Link::ethernet, 0, {{4789, 7777}}).packet.tunnelled);
    // Without the flag of a valid identifier it is a datagram as any.
    EXPECT_FALSE(decode_text(ethernet("0800", ipv4(17, udp(1, 4789, hex("00 000000 000001 00") + inner)))).packet.tunnelled);
}

TEST(Decode, tunnels_of_ip) {
    const std::string inside = ipv4(6, tcp(3, 80, 2), 0, "0a320102 0a320106");
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(4, inside))).packet.destination_port, 80);
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(41, ipv6(6, tcp(3, 81, 2))))).packet.destination_port, 81);
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(47, hex("0000 0800") + inside))).packet.destination_port, 80);
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(47, hex("2000 6558 00000007") + ethernet("0800", inside)))).packet.destination_port, 80);
    // What is not opened stays a flow of its own protocol.
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(47, hex("3001 880b 00000000 00000000")))).packet.protocol, 47);
    std::string nested = inside;
    for (int i = 0; i < 40; ++i) nested = ipv4(4, nested);
    EXPECT_EQ(decode_text(ethernet("0800", nested)).outcome, Outcome::too_deep);
}

TEST(Decode, esp_shows_its_index_and_number) {
    const auto got = decode_text(ethernet("0800", ipv4(50, hex("00001234 00000009") + std::string(40, 'x'))));
    ASSERT_EQ(got.outcome, Outcome::ip);
    EXPECT_EQ(got.packet.esp_spi, 0x1234U);
    EXPECT_EQ(got.packet.esp_sequence, 9U);
    EXPECT_EQ(got.packet.payload_length, 40U);
}

TEST(Decode, echo_and_its_answer_are_one_flow) {
    const auto asked = decode_text(ethernet("0800", ipv4(1, hex("08 00 0000 1111 0001") + "ping")));
    const auto answered = decode_text(ethernet("0800", ipv4(1, hex("00 00 0000 1111 0001") + "ping", 0, "0a000002 0a000001")));
    EXPECT_EQ(asked.packet.source_port, 0x1111);
    EXPECT_EQ(answered.packet.destination_port, 0x1111);
    EXPECT_EQ(asked.packet.icmp_type, 8);
    EXPECT_EQ(text_of(asked.packet), "ping");
    EXPECT_EQ(decode_text(ethernet("0800", ipv4(1, hex("03 01 0000 00000000")))).packet.source_port, 0);
}

}  // namespace
}  // namespace bulkhead::packet
