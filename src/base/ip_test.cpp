// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bulkhead {
namespace {

using namespace std::string_view_literals;

Prefix prefix(std::string_view text) {
    const auto parsed = Prefix::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : *Prefix::parse("0.0.0.0/32");
}

IpAddress address(std::string_view text) {
    const auto parsed = IpAddress::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : *IpAddress::parse("0.0.0.0");
}

TEST(IpAddress, what_is_not_an_address_is_refused) {
    for (const std::string_view text : {""sv, " "sv, "1.2.3"sv, "1.2.3.4.5"sv, "256.1.1.1"sv, "1.2.3.4 "sv, "01.2.3.4"sv, "0x7f.0.0.1"sv, "2130706433"sv,
                                        ":::"sv, "fe80::1%eth0"sv, "[::1]"sv, "::g"sv, "1:2:3:4:5:6:7:8:9"sv, "10.0.0.1\0.evil"sv, "::1\0"sv, "localhost"sv}) {
        const auto parsed = IpAddress::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, Code::invalid_input);
    }
}

TEST(IpAddress, a_refusal_shows_no_control_bytes) { EXPECT_EQ(IpAddress::parse("\x1b[2J").error().message.find('\x1b'), std::string::npos); }

TEST(IpAddress, text_is_the_canonical_form) {
    EXPECT_EQ(address("192.0.2.1").text(), "192.0.2.1");
    EXPECT_EQ(address("2001:DB8:0:0:0:0:0:1").text(), "2001:db8::1");
    EXPECT_EQ(address("::").text(), "::");
}

TEST(IpAddress, bytes_of_the_wire_and_text_are_the_same_address) {
    const std::array<std::uint8_t, 4> v4 = {192, 0, 2, 1};
    EXPECT_EQ(IpAddress::v4(v4), address("192.0.2.1"));
    std::array<std::uint8_t, 16> v6{};
    v6[15] = 1;
    EXPECT_EQ(IpAddress::v6(v6), address("::1"));
    EXPECT_NE(address("0.0.0.1"), address("::1")) << "families never mix";
}

TEST(IpAddress, wildcard_and_loopback_of_both_families) {
    EXPECT_TRUE(address("0.0.0.0").is_wildcard());
    EXPECT_TRUE(address("::").is_wildcard());
    EXPECT_FALSE(address("0.0.0.1").is_wildcard());
    EXPECT_TRUE(address("127.255.255.254").is_loopback());
    EXPECT_TRUE(address("::1").is_loopback());
    EXPECT_FALSE(address("128.0.0.1").is_loopback());
    EXPECT_FALSE(address("::2").is_loopback());
    EXPECT_FALSE(address("1::1").is_loopback());
}

TEST(Prefix, lengths_out_of_the_family_are_refused) {
    for (const std::string_view text : {"10.0.0.0/33"sv, "fd00::/129"sv, "10.0.0.0/-1"sv, "10.0.0.0/-0"sv, "10.0.0.0/"sv, "10.0.0.0/8/8"sv, "10.0.0.0/ 8"sv,
                                        "10.0.0.0/0x8"sv, "/8"sv, "10.0.0.0/99999999999999999999"sv, "10.0.0.0/8\0"sv}) {
        EXPECT_FALSE(Prefix::parse(text)) << text;
    }
}

TEST(Prefix, a_bare_address_is_a_host_prefix) {
    EXPECT_EQ(prefix("192.0.2.1").length(), 32);
    EXPECT_EQ(prefix("fd00::1").length(), 128);
}

TEST(Prefix, of_length_0_holds_its_whole_family_and_nothing_of_the_other) {
    EXPECT_TRUE(prefix("0.0.0.0/0").contains(address("255.255.255.255")));
    EXPECT_TRUE(prefix("::/0").contains(address("ffff::1")));
    EXPECT_FALSE(prefix("0.0.0.0/0").contains(address("::1")));
    EXPECT_FALSE(prefix("::/0").overlaps(prefix("0.0.0.0/0")));
}

TEST(Prefix, borders_within_a_byte_are_exact) {
    EXPECT_TRUE(prefix("172.16.0.0/12").contains(address("172.31.255.255")));
    EXPECT_FALSE(prefix("172.16.0.0/12").contains(address("172.32.0.0")));
    EXPECT_TRUE(prefix("fd00::/9").contains(address("fd7f::1")));
    EXPECT_FALSE(prefix("fd00::/9").contains(address("fd80::1")));
    EXPECT_TRUE(prefix("10.0.0.4/31").contains(address("10.0.0.5")));
    EXPECT_FALSE(prefix("10.0.0.4/31").contains(address("10.0.0.6")));
}

TEST(Prefix, overlap_holds_both_ways_and_ignores_host_bits) {
    EXPECT_TRUE(prefix("10.0.0.0/8").overlaps(prefix("10.9.8.0/24")));
    EXPECT_TRUE(prefix("10.9.8.0/24").overlaps(prefix("10.0.0.0/8")));
    EXPECT_TRUE(prefix("10.0.0.77/24").overlaps(prefix("10.0.0.1/25")));
    EXPECT_FALSE(prefix("10.0.0.0/25").overlaps(prefix("10.0.0.128/25")));
    EXPECT_FALSE(prefix("fd00:1::/32").overlaps(prefix("fd00:2::/32")));
}

TEST(Prefix, text_has_no_host_bits) {
    EXPECT_EQ(prefix("10.1.2.3/8").text(), "10.0.0.0/8");
    EXPECT_EQ(prefix("10.1.2.3/0").text(), "0.0.0.0/0");
    EXPECT_EQ(prefix("10.1.2.255/31").text(), "10.1.2.254/31");
    EXPECT_EQ(prefix("fd12:3456::1/12").text(), "fd10::/12");
    EXPECT_EQ(prefix("fd12::1").text(), "fd12::1/128");
}

}  // namespace
}  // namespace bulkhead
