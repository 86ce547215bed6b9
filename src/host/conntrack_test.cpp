// SPDX-License-Identifier: Apache-2.0
#include "host/conntrack.h"

#include <gtest/gtest.h>
#include <linux/netfilter/nfnetlink.h>

namespace bulkhead::host {
namespace {

Tuple tuple(const char* source, int source_port, const char* destination, int destination_port) {
    return {*IpAddress::parse(source), *IpAddress::parse(destination), static_cast<std::uint16_t>(source_port), static_cast<std::uint16_t>(destination_port),
            6};
}

// The answer has both tuples, each as the question for it has one.
std::string answer(const Tuple& original, const Tuple& reply) {
    return tracked_question(original, By::original) + tracked_question(reply, By::reply).substr(sizeof(nfgenmsg));
}

TEST(Conntrack, published_port_leads_from_the_container_to_the_hosts_address_and_back) {
    const Tuple client = tuple("192.0.2.7", 40000, "192.0.2.1", 8080);
    const Tuple reply = tuple("172.18.0.2", 80, "192.0.2.7", 40000);
    const auto tracked = parse_tracked(answer(client, reply));
    ASSERT_TRUE(tracked.has_value());
    EXPECT_EQ(tracked->original, client);
    EXPECT_EQ(tracked->reply, reply);
    const auto inside = translation(*tracked, tuple("192.0.2.7", 40000, "172.18.0.2", 80));
    ASSERT_TRUE(inside.has_value());
    EXPECT_FALSE(inside->source.has_value());
    EXPECT_EQ(inside->destination, (Translation::End{*IpAddress::parse("192.0.2.1"), 8080}));
    const auto outside = translation(*tracked, client);
    EXPECT_EQ(outside->destination, (Translation::End{*IpAddress::parse("172.18.0.2"), 80}));
}

TEST(Conntrack, masquerade_leads_to_the_address_the_container_has_outside) {
    const auto tracked = parse_tracked(answer(tuple("172.18.0.2", 5000, "198.51.100.1", 443), tuple("198.51.100.1", 443, "192.0.2.1", 61000)));
    const auto seen = translation(*tracked, tuple("172.18.0.2", 5000, "198.51.100.1", 443));
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(seen->source, (Translation::End{*IpAddress::parse("192.0.2.1"), 61000}));
    EXPECT_FALSE(seen->destination.has_value());
}

TEST(Conntrack, connection_without_translation_and_another_connection_say_nothing) {
    const Tuple plain = tuple("fd00::2", 5000, "fd00::3", 443);
    const auto tracked = parse_tracked(answer(plain, tuple("fd00::3", 443, "fd00::2", 5000)));
    ASSERT_TRUE(tracked.has_value());
    EXPECT_FALSE(translation(*tracked, plain).has_value());
    EXPECT_FALSE(translation(*tracked, tuple("fd00::2", 5001, "fd00::3", 443)).has_value());
}

TEST(Conntrack, answer_that_is_cut_is_an_error_and_never_a_crash) {
    const std::string whole = answer(tuple("10.0.0.1", 1, "10.0.0.2", 2), tuple("10.0.0.2", 2, "10.0.0.1", 1));
    for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_FALSE(parse_tracked(whole.substr(0, length)).has_value()) << length;
}

}  // namespace
}  // namespace bulkhead::host
