// SPDX-License-Identifier: Apache-2.0
#include "host/interfaces.h"

#include <gtest/gtest.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "host/testing/netlink_bytes.h"

namespace bulkhead::host {
namespace {

using testing::attribute;
using testing::message;
using testing::raw;

std::string veth() {
    ifinfomsg header{};
    header.ifi_index = 7;
    header.ifi_flags = IFF_UP;
    return message(RTM_NEWLINK, raw(header) + attribute(IFLA_IFNAME, std::string("veth1\0", 6)) + attribute(IFLA_MTU, raw(std::uint32_t{1450})) +
                                    attribute(IFLA_OPERSTATE, "\6") + attribute(IFLA_ADDRESS, "\x02\x42\xac\x11\x01\x02") +
                                    attribute(IFLA_MASTER, raw(std::uint32_t{3})) + attribute(IFLA_LINK, raw(std::uint32_t{6})) +
                                    attribute(IFLA_LINK_NETNSID, raw(std::int32_t{2})) +
                                    attribute(IFLA_LINKINFO, attribute(IFLA_INFO_KIND, std::string("veth\0", 5))));
}

TEST(Links, reads_a_port_of_a_bridge) {
    const auto links = parse_links(veth());
    ASSERT_TRUE(links) << links.error().message;
    ASSERT_EQ(links->size(), 1U);
    const Link& link = links->front();
    EXPECT_EQ(link.index, 7);
    EXPECT_EQ(link.name, "veth1");
    EXPECT_EQ(link.kind, "veth");
    EXPECT_EQ(link.mac, "02:42:ac:11:01:02");
    EXPECT_EQ(link.mtu, 1450);
    EXPECT_TRUE(link.up);
    EXPECT_EQ(link.operstate, "up");
    EXPECT_EQ(link.master_index, 3);
    EXPECT_EQ(link.peer_index, 6);
    EXPECT_EQ(link.peer_netns, 2);
}

TEST(Links, a_dump_cut_anywhere_is_corrupt) {
    const std::string whole = veth();
    for (std::size_t cut = 1; cut < whole.size(); ++cut) EXPECT_FALSE(parse_links(whole.substr(0, cut))) << cut;
}

TEST(Addresses, reads_both_families_and_prefers_the_own_end_of_a_point_to_point_link) {
    const ifaddrmsg four{.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_flags = 0, .ifa_scope = RT_SCOPE_UNIVERSE, .ifa_index = 2};
    const ifaddrmsg six{.ifa_family = AF_INET6, .ifa_prefixlen = 64, .ifa_flags = 0, .ifa_scope = RT_SCOPE_LINK, .ifa_index = 3};
    const auto addresses = parse_addresses(
        message(RTM_NEWADDR, raw(four) + attribute(IFA_ADDRESS, "\x0a\x01\x01\x09") + attribute(IFA_LOCAL, "\x0a\x01\x01\x01") + attribute(IFA_LABEL, "br0")) +
        message(RTM_NEWADDR, raw(six) + attribute(IFA_ADDRESS, std::string("\xfe\x80", 2) + std::string(13, '\0') + "\1")));
    ASSERT_TRUE(addresses) << addresses.error().message;
    ASSERT_EQ(addresses->size(), 2U);
    EXPECT_EQ(addresses->at(0).address.text(), "10.1.1.1");
    EXPECT_EQ(addresses->at(0).prefix_length, 24);
    EXPECT_EQ(addresses->at(0).label, "br0");
    EXPECT_EQ(addresses->at(1).address.text(), "fe80::1");
    EXPECT_EQ(addresses->at(1).scope, "link");
}

TEST(Addresses, a_prefix_longer_than_the_address_and_a_missing_address_are_corrupt) {
    ifaddrmsg header{.ifa_family = AF_INET, .ifa_prefixlen = 33, .ifa_flags = 0, .ifa_scope = 0, .ifa_index = 2};
    EXPECT_FALSE(parse_addresses(message(RTM_NEWADDR, raw(header) + attribute(IFA_LOCAL, "\x0a\x01\x01\x01"))));
    header.ifa_prefixlen = 8;
    EXPECT_FALSE(parse_addresses(message(RTM_NEWADDR, raw(header))));
    EXPECT_FALSE(parse_addresses(message(RTM_NEWADDR, raw(header) + attribute(IFA_LOCAL, "\x0a\x01"))));
}

}  // namespace
}  // namespace bulkhead::host
