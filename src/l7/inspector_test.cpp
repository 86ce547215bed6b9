// SPDX-License-Identifier: Apache-2.0
#include "l7/inspector.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "l7/testing/talk.h"

namespace bulkhead::l7 {
namespace {

using testing::Talk;

TEST(Inspector, a_name_is_known_with_the_first_payload) {
    Talk talk(80);
    EXPECT_TRUE(talk.ask("GET /a HTTP/1.1\r\nHost: shop\r\n\r\n"));
    ASSERT_NE(talk.inspector.look(talk.record.l7_slot), nullptr);
    EXPECT_EQ(talk.inspector.look(talk.record.l7_slot)->name, "http");
    EXPECT_EQ(talk.end().http.size(), 1U);
    EXPECT_EQ(talk.record.l7_slot, 0U);
    EXPECT_EQ(talk.inspector.entries(), 0U);
}

TEST(Inspector, what_says_nothing_is_given_up_after_a_few_payloads) {
    Talk talk(4444);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(talk.ask("\x91\x92\x93\x94 nothing to anybody"));
    EXPECT_FALSE(talk.ask("\x91\x92\x93\x94 nothing to anybody"));
    EXPECT_EQ(talk.inspector.counts().unknown, 1U);
    EXPECT_EQ(talk.inspector.take(talk.record.l7_slot), nullptr);
}

TEST(Inspector, a_payload_that_was_cut_is_not_tried_again) {
    Talk talk(4444);
    EXPECT_FALSE(talk.ask("\x91\x92\x93\x94 nothing", 1'400));
    EXPECT_EQ(talk.inspector.entries(), 0U);
}

TEST(Inspector, work_is_bounded_and_what_is_evicted_keeps_what_it_knows) {
    Inspector inspector({.open_max = 2});
    std::array<flow::Record, 3> records;
    const std::string request = "GET /a HTTP/1.1\r\nHost: shop\r\n\r\n";
    for (flow::Record& record : records) {
        record.key.network_and_protocol = packet::protocol::tcp;
        const Segment segment{true, {reinterpret_cast<const std::uint8_t*>(request.data()), request.size()}, static_cast<std::uint32_t>(request.size()), 5};
        EXPECT_TRUE(inspector.feed(record.l7_slot, record, segment));
    }
    EXPECT_EQ(inspector.open(), 2U);
    EXPECT_EQ(inspector.counts().evicted, 1U);
    for (flow::Record& record : records) {
        const auto l7 = inspector.take(record.l7_slot);
        ASSERT_NE(l7, nullptr);
        EXPECT_EQ(l7->http.at(0).path, "/a");
    }
    EXPECT_EQ(inspector.entries(), 0U);
    EXPECT_EQ(inspector.open(), 0U);
}

TEST(Inspector, flows_of_which_only_the_name_is_known_share_it) {
    Inspector inspector;
    flow::Record one, other;
    for (flow::Record* record : {&one, &other}) {
        record->key.network_and_protocol = packet::protocol::tcp;
        record->key.high_port = 6379;
        const std::string ping = "*1\r\n$4\r\nPING\r\n";
        inspector.feed(record->l7_slot, *record,
                       {true, {reinterpret_cast<const std::uint8_t*>(ping.data()), ping.size()}, static_cast<std::uint32_t>(ping.size()), 5});
    }
    const auto first = inspector.take(one.l7_slot), second = inspector.take(other.l7_slot);
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first, second);
    EXPECT_EQ(first->name, "redis");
}

TEST(Inspector, segments_out_of_order_twice_and_missing_are_one_stream) {
    Talk talk(80);
    const std::string request = "POST /pay HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n\r\nbodyGET /next HTTP/1.1\r\n\r\n";
    talk.segment(true, 1000, request.substr(0, 10));
    talk.segment(true, 1030, request.substr(30));
    talk.segment(true, 1000, request.substr(0, 10));
    talk.segment(true, 1005, request.substr(5, 25));
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.http.size(), 2U);
    EXPECT_EQ(l7.http[0].path, "/pay");
    EXPECT_EQ(l7.http[1].path, "/next");
    EXPECT_EQ(talk.inspector.counts().gaps, 0U);
}

TEST(Inspector, sequence_numbers_wrap) {
    Talk talk(80);
    const std::string request = "GET /wrapped HTTP/1.1\r\nHost: shop\r\n\r\n";
    talk.segment(true, 0xfffffffa, request.substr(0, 10));
    talk.segment(true, 4, request.substr(10));
    EXPECT_EQ(talk.end().http.at(0).host, "shop");
}

TEST(Inspector, a_gap_that_is_never_filled_is_counted_and_the_next_request_is_seen) {
    Talk talk(80);
    talk.segment(true, 1000, "GET /one HTTP/1.1\r\nHost: sh");
    talk.segment(true, 1500, "GET /two HTTP/1.1\r\nHost: shop\r\n\r\n");
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.http.size(), 2U);
    EXPECT_EQ(l7.http[0].path, "/one");
    EXPECT_EQ(l7.http[0].host, "") << "a host that was cut is another host";
    EXPECT_EQ(l7.http[1].path, "/two");
    EXPECT_EQ(talk.inspector.counts().gaps, 1U);
}

TEST(Inspector, other_protocols_than_tcp_and_udp_are_not_looked_into) {
    Talk talk(0);
    talk.record.key.network_and_protocol = packet::protocol::icmp;
    EXPECT_FALSE(talk.ask("GET / HTTP/1.1\r\n\r\n"));
    EXPECT_EQ(talk.inspector.take(talk.record.l7_slot), nullptr);
}

TEST(Inspector, all_names_that_peers_have_are_known) {
    for (const std::string_view name :
         {"http",     "tls",           "ssh",       "dns",      "dhcp",    "ntp",     "tftp",      "echo",       "rtsp",      "sip",
          "mysql",    "redis",         "zookeeper", "kafka",    "couchdb", "mongodb", "cassandra", "postgresql", "couchbase", "wordpress",
          "activemq", "elasticsearch", "memcached", "rabbitmq", "radius",  "voltdb",  "consul",    "syslog",     "etcd",      "spark",
          "apache",   "nginx",         "jetty",     "nodejs",   "epmd",    "oracle",  "mssql",     "grpc"}) {
        EXPECT_TRUE(std::ranges::binary_search(names(), name)) << name;
    }
}

}  // namespace
}  // namespace bulkhead::l7
