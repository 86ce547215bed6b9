// SPDX-License-Identifier: Apache-2.0
#include "flow/edges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flow/sample_flow.h"

namespace bulkhead::flow {
namespace {

using testing::HasSubstr;

Observed from_port(std::uint16_t port) {
    Observed flow = sample_flow();
    flow.record.key.high_port = port;
    return flow;
}

TEST(Edges, many_flows_between_services_are_one_edge) {
    Edges edges;
    for (std::uint16_t port = 1000; port < 1100; ++port) edges.add(from_port(port), Moment::over);
    const auto all = edges.by_bytes();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].key.source.name, "shop/web");
    EXPECT_EQ(all[0].key.destination.name, "shop/db");
    EXPECT_EQ(all[0].key.port, 5432);
    EXPECT_EQ(all[0].counts.flows, 100U);
    EXPECT_EQ(all[0].counts.bytes[0], 42'400U);
    EXPECT_EQ(all[0].counts.bytes[1], 12'000'000U);
    EXPECT_EQ(all[0].said, std::set<std::string>{"postgresql"});
    EXPECT_EQ(all[0].networks, std::set<std::string>{"shop_back"});
}

TEST(Edges, a_flow_told_of_many_times_counts_once_with_its_latest_counts) {
    Edges edges;
    Observed flow = sample_flow();
    flow.record.sent[0].bytes = 10;
    edges.add(flow, Moment::begun);
    flow.record.sent[0].bytes = 100;
    edges.add(flow, Moment::going_on);
    EXPECT_EQ(edges.total().bytes[0], 100U);
    flow.record.sent[0].bytes = 424;
    edges.add(flow, Moment::over);
    EXPECT_EQ(edges.total().flows, 1U);
    EXPECT_EQ(edges.total().bytes[0], 424U);
    EXPECT_EQ(edges.total().packets[0], 6U);
}

TEST(Edges, what_is_too_much_is_summed_up_and_nothing_is_lost) {
    Edges edges({.edges_max = 40, .open_flows_max = 10});
    Observed large = sample_flow();
    large.record.sent[0].bytes = 1'000'000'000;
    edges.add(large, Moment::over);
    for (int i = 0; i < 1000; ++i) {
        Observed flow = sample_flow();
        flow.record.key.low_port = static_cast<std::uint16_t>(10'000 + i);
        flow.record.first_ns += i;
        flow.record.last_ns += i;
        edges.add(flow, Moment::over);
    }
    EXPECT_LE(edges.size(), 40U);
    EXPECT_EQ(edges.total().flows, 1001U);
    EXPECT_EQ(edges.size() + edges.others_edges(), 1001U);
    EXPECT_EQ(edges.by_bytes().front().key.port, 5432);  // the most used stays, however old
    bool latest = false;
    for (const Edge& edge : edges.by_bytes()) latest |= edge.key.port == 10'999;
    EXPECT_TRUE(latest);
    EXPECT_THAT(summary_text(edges, {}), HasSubstr("others: "));
}

TEST(Edges, clients_from_outside_are_one_and_servers_are_not) {
    Observed flow = sample_flow();
    flow.source.identity = flow.destination.identity = std::make_shared<Identity>(Identity{.who = Who::external});
    flow.destination.names.clear();
    EXPECT_EQ(edge_of(flow).source.name, "external");
    EXPECT_EQ(edge_of(flow).destination.name, "10.0.0.1");
    flow.source = flow.destination = {};
    EXPECT_EQ(edge_of(flow).source.name, "10.0.0.2");  // nobody looked who it is
}

TEST(Edges, errors_are_counted_once_each) {
    const auto error = [](const auto& change) {
        Observed flow = sample_flow();
        change(flow);
        return errors_of(flow);
    };
    EXPECT_EQ(error([](Observed&) {}).sum(), 0U);
    EXPECT_EQ(error([](Observed& flow) { flow.verdict = Verdict::deny; }).denied, 1U);
    const auto refuse = [](Observed& flow) {
        flow.record.end = flow::End::reset;
        flow.record.sent[1].tcp_flags = 0x14;
    };
    EXPECT_EQ(error(refuse).refused, 1U);
    EXPECT_EQ(error([](Observed& flow) { flow.record.end = flow::End::reset; }).reset, 1U);
    EXPECT_EQ(error([](Observed& flow) { flow.record.sent[1] = {}; }).unanswered, 1U);
    EXPECT_EQ(errors_of(sample_http_flow()).http, 1U);
    EXPECT_EQ(errors_of(sample_http_flow()).sum(), 1U);
    const auto no_name = [](Observed& flow) {
        auto l7 = std::make_shared<L7>();
        l7->dns = {{.name = "nowhere", .rcode = 3}};
        flow.l7 = l7;
    };
    EXPECT_EQ(error(no_name).dns, 1U);
}

TEST(Edges, the_summary_tells_who_talks_most_what_is_new_and_what_fails) {
    Edges edges;
    edges.add(sample_flow(), Moment::over);
    Observed refused = sample_flow();
    refused.record.key.low_port = 80;
    refused.record.end = flow::End::reset;
    refused.record.sent[1] = {.packets = 1, .bytes = 54, .tcp_flags = 0x14};
    refused.l7 = nullptr;
    refused.record.first_ns += 1'000'000'000;
    edges.add(refused, Moment::over);
    EXPECT_EQ(summary_text(edges, {}),
              "2 edges, 2 flows, 17 packets, 120.9 kB, 12:00:00.123 to 12:00:02.123\n"
              "most bytes:\n"
              "  shop/web -> shop/db  tcp 5432 postgresql  1 flows  10 packets  424 B/120.0 kB\n"
              "  shop/web -> shop/db  tcp 80               1 flows  7 packets   424 B/54 B\n"
              "seen for the first time, latest first:\n"
              "  12:00:01.123  shop/web -> shop/db  tcp 80\n"
              "  12:00:00.123  shop/web -> shop/db  tcp 5432 postgresql\n"
              "errors:\n"
              "  shop/web -> shop/db  tcp 80  1 of 1 flows: 1 refused\n");
}

}  // namespace
}  // namespace bulkhead::flow
