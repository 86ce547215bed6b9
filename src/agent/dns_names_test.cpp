// SPDX-License-Identifier: Apache-2.0
#include "agent/dns_names.h"

#include <gmock/gmock.h>

#include "agent/identities.h"

namespace bulkhead::agent {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t second = 1'000'000'000;

packet::Address address(const char* text) { return mapped_address(*IpAddress::parse(text)); }

flow::DnsQuery answer(const std::string& name, std::vector<std::string> answers, std::uint32_t ttl = 60, int rcode = 0) {
    flow::DnsQuery out;
    out.time_ns = 1000 * second;
    out.name = name;
    out.rcode = rcode;
    out.answers = std::move(answers);
    out.ttl = ttl;
    return out;
}

TEST(DnsNames, address_is_called_as_this_client_asked_for_it) {
    DnsNames names;
    names.learn(address("10.0.0.2"), answer("one.example", {"192.0.2.1", "alias.example", "2001:db8::1"}));
    names.learn(address("10.0.0.3"), answer("other.example", {"192.0.2.1"}));
    EXPECT_THAT(names.names(address("10.0.0.2"), address("192.0.2.1"), 1001 * second), ElementsAre("one.example"));
    EXPECT_THAT(names.names(address("10.0.0.2"), address("2001:db8::1"), 1001 * second), ElementsAre("one.example"));
    EXPECT_THAT(names.names(address("10.0.0.3"), address("192.0.2.1"), 1001 * second), ElementsAre("other.example"));
    EXPECT_THAT(names.names(address("10.0.0.9"), address("192.0.2.1"), 1001 * second), ElementsAre("other.example", "one.example"));
    EXPECT_THAT(names.names(address("10.0.0.2"), address("192.0.2.2"), 1001 * second), IsEmpty());
}

TEST(DnsNames, name_lives_as_long_as_it_was_told_and_at_least_some_minutes) {
    DnsNames names;
    names.learn(address("10.0.0.2"), answer("short.example", {"192.0.2.1"}, 1));
    names.learn(address("10.0.0.2"), answer("long.example", {"192.0.2.2"}, 3600));
    EXPECT_THAT(names.names(address("10.0.0.2"), address("192.0.2.1"), 1200 * second), ElementsAre("short.example"));
    EXPECT_THAT(names.names(address("10.0.0.2"), address("192.0.2.1"), 1400 * second), IsEmpty());
    EXPECT_THAT(names.names(address("10.0.0.2"), address("192.0.2.2"), 4000 * second), ElementsAre("long.example"));
}

TEST(DnsNames, refusals_teach_nothing) {
    DnsNames names;
    names.learn(address("10.0.0.2"), answer("no.example", {"192.0.2.1"}, 60, 3));
    EXPECT_EQ(names.size(), 0u);
}

TEST(DnsNames, are_bounded_and_forget_what_was_told_longest_ago) {
    DnsNames names({.names_max = 10, .of_one_max = 2});
    for (int i = 0; i < 100; ++i) names.learn(address("10.0.0.2"), answer("n" + std::to_string(i), {"192.0.2." + std::to_string(i)}));
    EXPECT_LE(names.size(), 10u);
    EXPECT_THAT(names.names(address("10.0.0.2"), address("192.0.2.99"), 1001 * second), ElementsAre("n99"));
    for (int i = 0; i < 5; ++i) names.learn(address("10.0.0.2"), answer("m" + std::to_string(i), {"192.0.2.1"}));
    EXPECT_THAT(names.names(address("10.0.0.2"), address("192.0.2.1"), 1001 * second), ElementsAre("m4", "m3"));
}

}  // namespace
}  // namespace bulkhead::agent
