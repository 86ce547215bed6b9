// SPDX-License-Identifier: Apache-2.0
#include "agent/identities.h"

#include <gtest/gtest.h>

namespace bulkhead::agent {
namespace {

constexpr std::int64_t second = 1'000'000'000;

packet::Address address(const char* text) { return mapped_address(*IpAddress::parse(text)); }

flow::IdentityPtr who(const std::string& name, flow::Who kind = flow::Who::container, const std::string& network = "shop") {
    return std::make_shared<const flow::Identity>(flow::Identity{.who = kind, .container_id = name, .container = name, .network = network});
}

Holding holding(const std::string& name, std::int64_t from_ns, const char* ip, const std::string& network = "n1") {
    return {"container:" + name, from_ns, {{address(ip), network, who(name)}}, {}};
}

TEST(Identities, address_that_another_container_got_keeps_its_old_name_for_what_was_before) {
    Identities identities;
    identities.put(holding("old", 10 * second, "172.18.0.2"));
    identities.end("container:old", 100 * second);
    identities.put(holding("new", 101 * second, "172.18.0.2"));
    EXPECT_EQ(identities.at(address("172.18.0.2"), 50 * second)->container, "old");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 99 * second)->container, "old");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 101 * second)->container, "new");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 500 * second)->container, "new");
}

TEST(Identities, what_is_seen_shortly_before_the_start_or_after_the_end_is_still_its) {
    Identities identities;
    identities.put(holding("web", 100 * second, "172.18.0.2"));
    identities.end("container:web", 200 * second);
    EXPECT_EQ(identities.at(address("172.18.0.2"), 99 * second)->container, "web");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 201 * second)->container, "web");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 90 * second)->who, flow::Who::external);
    EXPECT_EQ(identities.at(address("172.18.0.2"), 300 * second)->who, flow::Who::external);
}

TEST(Identities, putting_the_same_again_changes_nothing_and_a_rename_begins_when_it_happened) {
    Identities identities;
    identities.put(holding("web", 100 * second, "172.18.0.2"));
    identities.put(holding("web", 150 * second, "172.18.0.2"));
    EXPECT_EQ(identities.spans(), 1u);
    Holding renamed = holding("web", 200 * second, "172.18.0.2");
    renamed.addresses[0].identity = who("shop");
    identities.put(renamed);
    EXPECT_EQ(identities.at(address("172.18.0.2"), 199 * second)->container, "web");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 200 * second)->container, "shop");
}

TEST(Identities, address_used_in_two_networks_is_told_apart_by_the_interface) {
    Identities identities;
    Holding a = holding("a", 0, "10.0.0.2", "n1");
    a.attachments = {{{1, 7}, "n1", who("a")}};
    Holding b = holding("b", 0, "10.0.0.2", "n2");
    b.attachments = {{{1, 8}, "n2", who("b")}};
    identities.put(a);
    identities.put(b);
    EXPECT_EQ(identities.at(address("10.0.0.2"), second, {1, 7})->container, "a");
    EXPECT_EQ(identities.at(address("10.0.0.2"), second, {1, 8})->container, "b");
    EXPECT_EQ(identities.behind({1, 8}, second)->container, "b");
    EXPECT_EQ(identities.behind({2, 8}, second), nullptr);
}

TEST(Identities, container_is_known_by_its_interface_whatever_address_it_claims) {
    Identities identities;
    Holding liar = holding("liar", 0, "10.0.0.2");
    liar.attachments = {{{1, 7}, "n1", who("liar")}};
    identities.put(liar);
    identities.put(holding("victim", 0, "10.0.0.3"));
    EXPECT_EQ(identities.sender(address("10.0.0.3"), second, {1, 7})->container, "liar");
    EXPECT_EQ(identities.sender(address("fe80::1"), second, {1, 7})->container, "liar");
    EXPECT_EQ(identities.sender(address("10.0.0.3"), second, {})->container, "victim");
}

TEST(Identities, nobodys_address_is_external_only_outside_of_all_container_networks) {
    Identities identities;
    identities.put_networks({{"n1", "shop", "bridge", {*Prefix::parse("172.18.0.0/16")}, {}, "br-1", {}}});
    EXPECT_EQ(identities.at(address("8.8.8.8"), second)->who, flow::Who::external);
    EXPECT_EQ(identities.at(address("2001:db8::1"), second)->who, flow::Who::external);
    EXPECT_EQ(identities.at(address("172.18.9.9"), second)->who, flow::Who::unknown);
    EXPECT_EQ(identities.at(address("172.18.9.9"), second)->network, "shop");
    for (const char* nobodys : {"224.0.0.251", "255.255.255.255", "127.0.0.1", "0.0.0.0", "169.254.1.1", "::", "::1", "ff02::1", "fe80::1"}) {
        EXPECT_EQ(identities.at(address(nobodys), second)->who, flow::Who::unknown) << nobodys;
    }
}

TEST(Identities, container_wins_over_gateway_over_host_for_one_address) {
    Identities identities;
    identities.put({"host", 0, {{address("172.17.0.1"), "", who("h", flow::Who::host)}}, {}});
    EXPECT_EQ(identities.at(address("172.17.0.1"), second)->who, flow::Who::host);
    identities.put({"network:n1", 0, {{address("172.17.0.1"), "n1", who("g", flow::Who::gateway)}}, {}});
    EXPECT_EQ(identities.at(address("172.17.0.1"), second)->who, flow::Who::gateway);
}

TEST(Identities, full_reading_ends_who_is_not_in_it) {
    Identities identities;
    identities.put(holding("a", 0, "10.0.0.2"));
    identities.put(holding("b", 0, "10.0.0.3"));
    identities.replace({holding("b", 0, "10.0.0.3")}, {}, 100 * second);
    EXPECT_EQ(identities.at(address("10.0.0.2"), 99 * second)->container, "a");
    EXPECT_EQ(identities.at(address("10.0.0.2"), 200 * second)->who, flow::Who::external);
    EXPECT_EQ(identities.at(address("10.0.0.3"), 200 * second)->container, "b");
}

TEST(Identities, what_ended_long_ago_is_forgotten) {
    Identities identities({.remember_ns = 60 * second});
    identities.put(holding("a", second, "10.0.0.2"));
    identities.end("container:a", 10 * second);
    EXPECT_EQ(identities.spans(), 1u);
    identities.put(holding("b", 100 * second, "10.0.0.3"));
    EXPECT_EQ(identities.spans(), 1u);
    EXPECT_EQ(identities.forgotten_early(), 0u);
}

TEST(Identities, are_bounded_and_count_what_they_forget_early) {
    Identities identities({.spans_max = 100});
    for (int i = 0; i < 1000; ++i) {
        identities.put(holding("c" + std::to_string(i), i * second, "10.0.0.2"));
        identities.end("container:c" + std::to_string(i), i * second + second / 2);
    }
    EXPECT_LE(identities.spans(), 100u);
    EXPECT_GE(identities.forgotten_early(), 900u);
    EXPECT_EQ(identities.at(address("10.0.0.2"), 999 * second)->container, "c999");
}

TEST(Identities, without_time_who_has_the_address_now_counts) {
    Identities identities({.timeless = true});
    identities.put(holding("a", 100 * second, "10.0.0.2"));
    EXPECT_EQ(identities.at(address("10.0.0.2"), 5)->container, "a");
    identities.end("container:a", 200 * second);
    EXPECT_EQ(identities.at(address("10.0.0.2"), 150 * second)->who, flow::Who::external);
}

}  // namespace
}  // namespace bulkhead::agent
