// SPDX-License-Identifier: Apache-2.0
#include "agent/meaning.h"

#include <gmock/gmock.h>

namespace bulkhead::agent {
namespace {

using flow::Moment;
using testing::ElementsAre;

constexpr std::int64_t second = 1'000'000'000;

packet::Address address(const char* text) { return mapped_address(*IpAddress::parse(text)); }

struct MeaningTest : testing::Test {
    Identities identities;
    std::vector<std::pair<flow::Observed, Moment>> told;
    int looked_again = 0;
    bool settled = true;
    MeaningParts parts;

    MeaningTest() {
        identities.put_networks({{"n1", "shop", "bridge", {*Prefix::parse("10.0.0.0/24")}, {}, "", {}}});
        put("a", "10.0.0.2");
        parts.identities = &identities;
        parts.node = "alpha";
        parts.settled = [this] { return settled; };
        parts.look_again = [this] { ++looked_again; };
    }
    void put(const std::string& name, const char* ip) {
        identities.put({"container:" + name,
                        0,
                        {{address(ip), "n1",
                          std::make_shared<const flow::Identity>(
                              flow::Identity{.who = flow::Who::container, .container_id = name, .container = name, .network = "shop"})}},
                        {}});
    }
    Meaning meaning() {
        return Meaning(parts, [this](const flow::Observed& observed, Moment moment) { told.emplace_back(observed, moment); });
    }
    static FlowWord word(std::uint16_t interface, const char* from, const char* to, Moment moment, std::uint16_t port = 80, std::uint64_t packets = 1) {
        FlowWord out;
        out.interface = {interface, {1, interface}, 0};
        out.record.source_is_low = flow::order_of(address(from), address(to)) < 0;
        out.record.key.low = address(out.record.source_is_low ? from : to);
        out.record.key.high = address(out.record.source_is_low ? to : from);
        (out.record.source_is_low ? out.record.key.high_port : out.record.key.low_port) = port;
        out.record.key.network_and_protocol = 17;
        out.record.first_ns = 10 * second + interface;
        out.record.last_ns = 11 * second;
        out.record.sent[0].packets = packets;
        out.ref = {interface, out.record.key, 1};
        out.moment = moment;
        return out;
    }
    [[nodiscard]] std::vector<Moment> moments() const {
        std::vector<Moment> out;
        for (const auto& [observed, moment] : told) out.push_back(moment);
        return out;
    }
};

TEST_F(MeaningTest, flow_between_two_containers_is_told_once_with_both_names_although_two_veths_saw_it) {
    put("b", "10.0.0.3");
    auto all = meaning();
    all.take(word(1, "10.0.0.2", "10.0.0.3", Moment::begun), 0);
    all.take(word(2, "10.0.0.2", "10.0.0.3", Moment::begun), 0);
    all.take(word(1, "10.0.0.2", "10.0.0.3", Moment::over, 80, 5), 0);
    all.take(word(2, "10.0.0.2", "10.0.0.3", Moment::over, 80, 4), 0);
    EXPECT_THAT(moments(), ElementsAre(Moment::begun, Moment::over));
    const flow::Observed& over = told.back().first;
    EXPECT_EQ(over.source.identity->container, "a");
    EXPECT_EQ(over.destination.identity->container, "b");
    EXPECT_EQ(over.network, "shop");
    EXPECT_EQ(over.node, "alpha");
    EXPECT_EQ(over.record.sent[0].packets, 5u);
    EXPECT_EQ(over.loss, 1u);
}

TEST_F(MeaningTest, flow_of_a_container_that_began_just_now_waits_for_its_name) {
    auto all = meaning();
    all.take(word(1, "10.0.0.9", "10.0.0.2", Moment::begun), 0);
    all.take(word(1, "10.0.0.9", "10.0.0.2", Moment::over), 1000);
    EXPECT_TRUE(told.empty());
    EXPECT_EQ(looked_again, 1);
    put("late", "10.0.0.9");
    all.tick(100'000'000);
    EXPECT_THAT(moments(), ElementsAre(Moment::begun, Moment::over));
    EXPECT_EQ(told.back().first.source.identity->container, "late");
    EXPECT_EQ(all.counts().nameless, 0u);
}

TEST_F(MeaningTest, name_that_never_comes_is_not_waited_for_longer_and_is_counted) {
    auto all = meaning();
    all.take(word(1, "10.0.0.9", "10.0.0.2", Moment::begun), 0);
    all.take(word(1, "10.0.0.9", "10.0.0.2", Moment::over), 1000);
    all.tick(name_wait_ns + 1);
    EXPECT_THAT(moments(), ElementsAre(Moment::begun, Moment::over));
    EXPECT_EQ(told.back().first.source.identity->who, flow::Who::unknown);
    EXPECT_EQ(all.counts().nameless, 1u);
}

TEST_F(MeaningTest, private_address_outside_of_all_networks_waits_only_while_the_engine_has_news) {
    auto all = meaning();
    all.take(word(1, "10.0.0.2", "172.30.0.5", Moment::begun), 0);
    EXPECT_EQ(told.size(), 1u);
    settled = false;
    all.take(word(1, "10.0.0.2", "172.31.0.5", Moment::begun), 0);
    EXPECT_EQ(told.size(), 1u);
    settled = true;
    all.tick(1000);
    EXPECT_EQ(told.size(), 2u);
    EXPECT_EQ(told.back().first.destination.identity->who, flow::Who::external);
}

TEST_F(MeaningTest, external_peer_is_called_as_dns_on_the_wire_called_it_and_payload_is_listened_to) {
    flow::L7 said;
    said.dns.push_back({.time_ns = 10 * second, .name = "shop.example", .type = 1, .rcode = 0, .answers = {"198.51.100.7"}, .ttl = 60});
    const auto answer = std::make_shared<const flow::L7>(said);
    std::vector<std::size_t> fed;
    parts.feed = [&](std::uint32_t& slot, const flow::Record& record, const PayloadWord& payload) {
        EXPECT_EQ(record.destination_port(), 53);
        slot = 4;
        fed.push_back(payload.bytes.size());
        return false;
    };
    parts.look = [&](std::uint32_t) { return answer; };
    parts.take = [&](std::uint32_t& slot) {
        slot = 0;
        return answer;
    };
    auto all = meaning();
    const FlowWord question = word(1, "10.0.0.2", "192.0.2.53", Moment::begun, 53);
    all.take(question, 0);
    all.take(PayloadWord{.ref = question.ref, .bytes = {1, 2, 3}}, 0);
    all.take(PayloadWord{.ref = question.ref, .bytes = {1}}, 0);
    EXPECT_THAT(fed, ElementsAre(3u));
    all.take(word(1, "10.0.0.2", "192.0.2.53", Moment::over, 53), 0);
    EXPECT_EQ(told.back().first.l7, answer);
    all.take(word(1, "10.0.0.2", "198.51.100.7", Moment::begun, 443), 0);
    EXPECT_THAT(told.back().first.destination.names, ElementsAre("shop.example"));
}

TEST_F(MeaningTest, translation_is_asked_for_once_where_an_end_is_not_a_container) {
    int asked = 0;
    parts.translate = [&](const flow::Record&) {
        ++asked;
        return host::Translation{.source = {}, .destination = host::Translation::End{*IpAddress::parse("192.0.2.1"), 8080}};
    };
    auto all = meaning();
    all.take(word(1, "198.51.100.7", "10.0.0.2", Moment::begun), 0);
    all.take(word(1, "198.51.100.7", "10.0.0.2", Moment::going_on), 0);
    all.take(word(1, "198.51.100.7", "10.0.0.2", Moment::over), 0);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(told.back().first.source.identity->who, flow::Who::external);
    EXPECT_EQ(told.back().first.destination.translated->port, 8080);
    EXPECT_FALSE(told.back().first.userland_proxy);
}

TEST_F(MeaningTest, what_the_hosts_outer_interface_saw_of_a_published_port_is_told_by_the_containers_alone) {
    parts.translate = [&](const flow::Record& record) -> std::optional<host::Translation> {
        const bool outer = record.destination_port() == 8080;
        return host::Translation{.source = {},
                                 .destination = host::Translation::End{*IpAddress::parse(outer ? "10.0.0.2" : "192.0.2.1"), std::uint16_t(outer ? 80 : 8080)}};
    };
    auto all = meaning();
    all.take(word(1, "198.51.100.7", "192.0.2.1", Moment::over, 8080), 0);
    all.take(word(2, "198.51.100.7", "10.0.0.2", Moment::over, 80), 0);
    EXPECT_THAT(moments(), ElementsAre(Moment::begun, Moment::over));
    EXPECT_EQ(told.back().first.destination.identity->container, "a");
    EXPECT_EQ(told.back().first.destination.translated->port, 8080);
    EXPECT_EQ(all.counts().outer_views, 1u);
    EXPECT_EQ(all.counts().told, 1u);
}

TEST_F(MeaningTest, connection_from_the_gateway_that_is_not_translated_is_the_userland_proxys) {
    identities.put({"network:n1",
                    0,
                    {{address("10.0.0.1"), "n1", std::make_shared<const flow::Identity>(flow::Identity{.who = flow::Who::gateway, .network = "shop"})}},
                    {}});
    auto all = meaning();
    all.take(word(1, "10.0.0.1", "10.0.0.2", Moment::over), 0);
    EXPECT_TRUE(told.back().first.userland_proxy);
}

TEST_F(MeaningTest, what_goes_on_at_the_end_is_told_when_its_last_word_comes) {
    auto all = meaning();
    all.take(word(1, "10.0.0.2", "192.0.2.7", Moment::begun), 0);
    all.finish(1);
    EXPECT_THAT(moments(), ElementsAre(Moment::begun));
    all.take(word(1, "10.0.0.2", "192.0.2.7", Moment::over), 0);
    EXPECT_THAT(moments(), ElementsAre(Moment::begun, Moment::over));
}

}  // namespace
}  // namespace bulkhead::agent
