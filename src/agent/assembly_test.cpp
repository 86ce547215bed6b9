// SPDX-License-Identifier: Apache-2.0
#include "agent/assembly.h"

#include <gtest/gtest.h>

namespace bulkhead::agent {
namespace {

using flow::Moment;

constexpr std::int64_t second = 1'000'000'000;

InterfaceId veth(std::uint16_t id) { return {id, {1, id}, 0}; }

flow::Key key(std::uint16_t port = 4000) {
    flow::Key out;
    out.low = mapped_address(*IpAddress::parse("10.0.0.2"));
    out.high = mapped_address(*IpAddress::parse("10.0.0.3"));
    out.low_port = port;
    out.high_port = 80;
    out.network_and_protocol = 6;
    return out;
}

flow::Record record(std::int64_t first_ns, std::uint64_t sent = 1, std::uint64_t answered = 0) {
    flow::Record out;
    out.key = key();
    out.first_ns = first_ns;
    out.last_ns = first_ns + 10;
    out.sent[0].packets = sent;
    out.sent[1].packets = answered;
    return out;
}

datapath::FlowRef ref(std::uint16_t interface, std::uint64_t serial) { return {interface, key(), serial}; }

TEST(Assembly, what_two_veths_saw_is_one_conversation_that_the_senders_view_leads) {
    Assembly assembly;
    const auto first = assembly.take(veth(1), ref(1, 5), record(100), Moment::begun, 0);
    EXPECT_TRUE(first.begins);
    EXPECT_TRUE(first.leads);
    const auto second_view = assembly.take(veth(2), ref(2, 9), record(101), Moment::begun, 0);
    EXPECT_EQ(second_view.conversation, first.conversation);
    EXPECT_FALSE(second_view.begins);
    EXPECT_FALSE(second_view.leads);
    EXPECT_FALSE(assembly.take(veth(2), ref(2, 9), record(101, 5, 5), Moment::over, 0).ends);
    const auto last = assembly.take(veth(1), ref(1, 5), record(100, 7, 5), Moment::over, 0);
    EXPECT_TRUE(last.ends);
    EXPECT_EQ(last.conversation->final->sent[0].packets, 7u);
    EXPECT_EQ(Assembly::loss(*last.conversation), 2u);
    EXPECT_EQ(assembly.counts().conversations, 1u);
    EXPECT_EQ(assembly.counts().two_views, 1u);
}

TEST(Assembly, next_connection_between_the_same_ports_is_another_conversation_for_both_views) {
    Assembly assembly;
    auto* old = assembly.take(veth(1), ref(1, 1), record(100), Moment::begun, 0).conversation;
    assembly.take(veth(2), ref(2, 1), record(101), Moment::begun, 0);
    assembly.take(veth(1), ref(1, 1), record(100), Moment::over, 0);
    auto* next = assembly.take(veth(1), ref(1, 2), record(200), Moment::begun, 0).conversation;
    EXPECT_NE(next, old);
    EXPECT_EQ(assembly.take(veth(2), ref(2, 2), record(201), Moment::begun, 0).conversation, next);
    const auto end = assembly.take(veth(2), ref(2, 1), record(101), Moment::over, 0);
    EXPECT_EQ(end.conversation, old);
    EXPECT_TRUE(end.ends);
}

TEST(Assembly, view_that_comes_after_its_conversation_was_told_is_counted_and_says_nothing) {
    Assembly assembly;
    const auto only = assembly.take(veth(1), ref(1, 1), record(100, 3, 3), Moment::over, 0);
    EXPECT_TRUE(only.begins);
    EXPECT_TRUE(only.ends);
    assembly.told(*only.conversation, 0);
    EXPECT_EQ(assembly.take(veth(2), ref(2, 1), record(101, 3, 3), Moment::over, 1).conversation, nullptr);
    EXPECT_EQ(assembly.counts().late_views, 1u);
    // A later one is no late view.
    EXPECT_TRUE(assembly.take(veth(3), ref(3, 1), record(5 * second), Moment::begun, 2).begins);
    EXPECT_TRUE(assembly.late(60 * second).empty());
    EXPECT_EQ(assembly.size(), 1u);
}

TEST(Assembly, conversation_whose_other_view_never_ends_is_told_late_and_forgotten_later) {
    Assembly assembly;
    assembly.take(veth(1), ref(1, 1), record(100), Moment::begun, 0);
    assembly.take(veth(2), ref(2, 1), record(101), Moment::begun, 0);
    EXPECT_FALSE(assembly.take(veth(1), ref(1, 1), record(100), Moment::over, second).ends);
    EXPECT_TRUE(assembly.late(2 * second).empty());
    const auto late = assembly.late(5 * second);
    ASSERT_EQ(late.size(), 1u);
    assembly.told(*late[0], 5 * second);
    assembly.late(20 * second);
    EXPECT_EQ(assembly.size(), 0u);
}

TEST(Assembly, same_addresses_in_another_namespace_are_other_ends) {
    Assembly assembly;
    InterfaceId elsewhere = veth(2);
    elsewhere.scope = 77;
    auto* here = assembly.take(veth(1), ref(1, 1), record(100), Moment::begun, 0).conversation;
    EXPECT_NE(assembly.take(elsewhere, ref(2, 1), record(100), Moment::begun, 0).conversation, here);
}

TEST(Assembly, payload_is_taken_from_the_first_view_alone) {
    Assembly assembly;
    auto* conversation = assembly.take(veth(1), ref(1, 1), record(100), Moment::begun, 0).conversation;
    assembly.take(veth(2), ref(2, 1), record(101), Moment::begun, 0);
    EXPECT_EQ(assembly.led_by(ref(1, 1)), conversation);
    EXPECT_EQ(assembly.led_by(ref(2, 1)), nullptr);
    EXPECT_EQ(assembly.led_by(ref(1, 9)), nullptr);
}

TEST(Assembly, is_bounded) {
    Assembly assembly({.conversations_max = 100});
    for (std::uint16_t port = 1; port < 1000; ++port) {
        flow::Record one = record(port);
        one.key = key(port);
        assembly.take(veth(1), {1, key(port), 1}, one, Moment::begun, port);
        for (Conversation* late : assembly.late(port)) assembly.forget(late->serial);
    }
    EXPECT_LE(assembly.size(), 101u);
    EXPECT_GE(assembly.counts().evicted, 890u);
}

}  // namespace
}  // namespace bulkhead::agent
