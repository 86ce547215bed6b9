// SPDX-License-Identifier: Apache-2.0
#include "host/routes.h"

#include <gtest/gtest.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "host/testing/netlink_bytes.h"

namespace bulkhead::host {
namespace {

using testing::attribute;
using testing::message;
using testing::raw;

rtmsg header(std::uint8_t length) {
    rtmsg out{};
    out.rtm_family = AF_INET;
    out.rtm_dst_len = length;
    out.rtm_table = RT_TABLE_MAIN;
    out.rtm_protocol = RTPROT_KERNEL;
    out.rtm_scope = RT_SCOPE_LINK;
    out.rtm_type = RTN_UNICAST;
    return out;
}

TEST(Routes, reads_a_subnet_and_the_default_route) {
    const auto routes =
        parse_routes(message(RTM_NEWROUTE, raw(header(16)) + attribute(RTA_DST, std::string("\xac\x11\0\0", 4)) + attribute(RTA_OIF, raw(std::uint32_t{4})) +
                                               attribute(RTA_PREFSRC, std::string("\xac\x11\0\1", 4))) +
                     message(RTM_NEWROUTE, raw(header(0)) + attribute(RTA_GATEWAY, "\x0a\x01\x01\xfe") + attribute(RTA_OIF, raw(std::uint32_t{2})) +
                                               attribute(RTA_PRIORITY, raw(std::uint32_t{100})) + attribute(RTA_TABLE, raw(std::uint32_t{1000}))));
    ASSERT_TRUE(routes) << routes.error().message;
    ASSERT_EQ(routes->size(), 2U);
    EXPECT_EQ(routes->at(0).destination, "172.17.0.0/16");
    EXPECT_EQ(routes->at(0).interface_index, 4);
    EXPECT_EQ(routes->at(0).preferred_source, "172.17.0.1");
    EXPECT_EQ(routes->at(0).protocol, "kernel");
    EXPECT_EQ(routes->at(0).type, "unicast");
    EXPECT_EQ(routes->at(0).table, 254);
    EXPECT_EQ(routes->at(1).destination, "0.0.0.0/0");
    EXPECT_EQ(routes->at(1).gateway, "10.1.1.254");
    EXPECT_EQ(routes->at(1).metric, 100);
    EXPECT_EQ(routes->at(1).table, 1000);
}

TEST(Routes, several_next_hops_are_several_ways_out) {
    const std::string gateway = attribute(RTA_GATEWAY, "\x0a\x01\x01\x01");
    const auto hop = [&](int index) {
        rtnexthop next{};
        next.rtnh_len = static_cast<std::uint16_t>(sizeof next + gateway.size());
        next.rtnh_ifindex = index;
        return raw(next) + gateway;
    };
    const auto routes = parse_routes(message(RTM_NEWROUTE, raw(header(0)) + attribute(RTA_MULTIPATH, hop(5) + hop(6))));
    ASSERT_TRUE(routes) << routes.error().message;
    ASSERT_EQ(routes->size(), 2U);
    EXPECT_EQ(routes->at(0).interface_index, 5);
    EXPECT_EQ(routes->at(1).interface_index, 6);
    EXPECT_EQ(routes->at(1).gateway, "10.1.1.1");
}

TEST(Routes, prefixes_and_next_hops_that_do_not_fit_are_corrupt) {
    EXPECT_FALSE(parse_routes(message(RTM_NEWROUTE, raw(header(33)) + attribute(RTA_DST, "\x0a\x01\x01\x01"))));
    EXPECT_FALSE(parse_routes(message(RTM_NEWROUTE, raw(header(8)))));
    rtnexthop loop{};  // a length of 0 must not loop
    EXPECT_FALSE(parse_routes(message(RTM_NEWROUTE, raw(header(0)) + attribute(RTA_MULTIPATH, raw(loop)))));
}

TEST(RoutingRules, reads_source_mark_and_table) {
    fib_rule_hdr rule{};
    rule.family = AF_INET;
    rule.src_len = 8;
    rule.table = RT_TABLE_UNSPEC;
    const auto rules = parse_routing_rules(
        message(RTM_NEWRULE, raw(rule) + attribute(FRA_SRC, std::string("\x0a\0\0\0", 4)) + attribute(FRA_PRIORITY, raw(std::uint32_t{32000})) +
                                 attribute(FRA_FWMARK, raw(std::uint32_t{9})) + attribute(FRA_TABLE, raw(std::uint32_t{77}))));
    ASSERT_TRUE(rules) << rules.error().message;
    EXPECT_EQ(rules->front().source, "10.0.0.0/8");
    EXPECT_EQ(rules->front().destination, "");
    EXPECT_EQ(rules->front().priority, 32000);
    EXPECT_EQ(rules->front().mark, 9);
    EXPECT_EQ(rules->front().table, 77);
}

}  // namespace
}  // namespace bulkhead::host
