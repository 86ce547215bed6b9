// SPDX-License-Identifier: Apache-2.0
#include "history/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "history/schema.h"
#include "history/testing/made_flows.h"
#include "history/writer.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::history {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class HistoryReader : public testing::Test {
  protected:
    void write(const std::vector<flow::Observed>& flows, UnixMs now = test_noon_ms) {
        WriterOptions options;
        options.folder = folder_.at("history");
        options.now = [now] { return now; };
        options.queue_max = 1 << 20;
        auto writer = Writer::open(options);
        ASSERT_TRUE(writer) << writer.error().message;
        for (const flow::Observed& one : flows) (*writer)->add(one);
        (*writer)->close();
    }
    std::vector<flow::Observed> read(const Query& query = {}) {
        std::vector<flow::Observed> out;
        auto reader = Reader::open(folder_.at("history"));
        EXPECT_TRUE(reader) << reader.error().message;
        if (!reader) return out;
        auto result = (*reader)->flows(query, [&](const flow::Observed& one) {
            out.push_back(one);
            return true;
        });
        EXPECT_TRUE(result) << result.error().message;
        return out;
    }
    std::size_t count(const Query& query) { return read(query).size(); }

    world::TempFolder folder_;
};

constexpr std::int64_t noon = test_noon_ms * ns_in_ms;
constexpr std::int64_t second = 1'000'000'000;

flow::Observed everything() {
    flow::Observed flow = made_flow(noon + 123'456'000);
    flow.record.key.network_and_protocol |= 4097U << 8U;
    flow.record.tunnelled = true;
    flow.record.vlan = 7;
    flow.record.outer_source = v4(0xc0000201);
    flow.record.outer_destination = v4(0xc0000202);
    flow.record.sent[0].retransmits = 3;
    flow.record.sent[1].zero_windows = 2;
    flow.record.sent[1].resets = 1;
    flow.record.fragments = 4;
    flow.loss = 9;
    auto process = std::make_shared<flow::Process>();
    *process = {4711, "/usr/bin/curl", "curl", 1000};
    flow.source.process = process;
    flow.source.translated = {v4(0xc0000209), 61'000};
    flow.destination.translated = {v4(0xc000020a), 8080};
    flow.source.names = {"client.test"};
    flow.destination.names = {"api.test", "a\"b"};
    flow.encrypted = false;
    flow.verdict = flow::Verdict::audit;
    flow.userland_proxy = true;
    auto l7 = std::make_shared<flow::L7>();
    l7->name = "http";
    l7->application = "grpc";
    l7->banner = "nginx";
    l7->user = "u";
    l7->database = "d";
    l7->risks = {"weak", "old"};
    l7->exchanges_left_out = 5;
    l7->http = {{noon, "GET", "api", "/a", "1.1", 200, 5'000'000, false}, {noon + 1000, "POST", "api", "/b", "2", 0, -1, true}};
    l7->dns = {{noon, "api.test", 1, 0, {"10.0.0.2", "x.test"}, 30, 70'000}, {noon, "no.test", 28, -1, {}, 0, -1}};
    l7->tls = {{"api.test", "h2", "1.3", "TLS_AES", "CN=a", "CN=b", 1'800'000'000, "j3", "j3s", "j4"}};
    flow.l7 = l7;
    return flow;
}

void expect_same_ends(const flow::Observed& a, const flow::Observed& b) {
    EXPECT_EQ(a.record.key, b.record.key);
    EXPECT_EQ(a.record.source_is_low, b.record.source_is_low);
    EXPECT_EQ(a.record.source_port(), b.record.source_port());
    for (const auto& [one, other] : {std::pair{&a.source, &b.source}, {&a.destination, &b.destination}}) {
        ASSERT_TRUE(one->identity);
        EXPECT_EQ(one->identity->who, other->identity->who);
        EXPECT_EQ(one->identity->container_id, other->identity->container_id);
        EXPECT_EQ(one->identity->container, other->identity->container);
        EXPECT_EQ(one->identity->image, other->identity->image);
        EXPECT_EQ(one->identity->group(), other->identity->group());
        EXPECT_EQ(one->identity->labels, other->identity->labels);
        EXPECT_EQ(one->identity->network, other->identity->network);
        EXPECT_EQ(one->names, other->names);
        ASSERT_EQ(one->translated.has_value(), other->translated.has_value());
        if (one->translated) {
            EXPECT_EQ(one->translated->address, other->translated->address);
            EXPECT_EQ(one->translated->port, other->translated->port);
        }
    }
}

void expect_same_numbers(const flow::Record& a, const flow::Record& b) {
    EXPECT_EQ(a.first_ns, b.first_ns);
    EXPECT_EQ(a.last_ns, b.last_ns);
    EXPECT_EQ(a.end, b.end);
    EXPECT_EQ(a.closed_by, b.closed_by);
    EXPECT_EQ(a.source_certain, b.source_certain);
    EXPECT_EQ(a.tunnelled, b.tunnelled);
    EXPECT_EQ(a.vlan, b.vlan);
    EXPECT_EQ(a.fragments, b.fragments);
    EXPECT_EQ(a.handshake_ns, b.handshake_ns);
    EXPECT_EQ(a.outer_source, b.outer_source);
    EXPECT_EQ(a.outer_destination, b.outer_destination);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(a.sent[i].packets, b.sent[i].packets);
        EXPECT_EQ(a.sent[i].bytes, b.sent[i].bytes);
        EXPECT_EQ(a.sent[i].payload_bytes, b.sent[i].payload_bytes);
        EXPECT_EQ(a.sent[i].tcp_flags, b.sent[i].tcp_flags);
        EXPECT_EQ(a.sent[i].retransmits, b.sent[i].retransmits);
        EXPECT_EQ(a.sent[i].resets, b.sent[i].resets);
        EXPECT_EQ(a.sent[i].zero_windows, b.sent[i].zero_windows);
        EXPECT_EQ(a.round_trip[i].least, b.round_trip[i].least);
    }
}

void expect_same_l7(const flow::L7& a, const flow::L7& b) {
    EXPECT_EQ(std::tie(a.name, a.application, a.banner, a.user, a.database, a.risks, a.exchanges_left_out),
              std::tie(b.name, b.application, b.banner, b.user, b.database, b.risks, b.exchanges_left_out));
    ASSERT_EQ(a.http.size(), b.http.size());
    for (std::size_t i = 0; i < a.http.size(); ++i) {
        const auto &x = a.http[i], &y = b.http[i];
        EXPECT_EQ(std::tie(x.time_ns, x.method, x.host, x.path, x.version, x.status, x.latency_ns, x.grpc),
                  std::tie(y.time_ns, y.method, y.host, y.path, y.version, y.status, y.latency_ns, y.grpc));
    }
    ASSERT_EQ(a.dns.size(), b.dns.size());
    for (std::size_t i = 0; i < a.dns.size(); ++i) {
        const auto &x = a.dns[i], &y = b.dns[i];
        EXPECT_EQ(std::tie(x.time_ns, x.name, x.type, x.rcode, x.answers, x.ttl, x.latency_ns),
                  std::tie(y.time_ns, y.name, y.type, y.rcode, y.answers, y.ttl, y.latency_ns));
    }
    ASSERT_EQ(a.tls.size(), b.tls.size());
    for (std::size_t i = 0; i < a.tls.size(); ++i) {
        const auto &x = a.tls[i], &y = b.tls[i];
        EXPECT_EQ(std::tie(x.server_name, x.alpn, x.version, x.cipher, x.subject, x.issuer, x.not_after, x.ja3, x.ja3s, x.ja4),
                  std::tie(y.server_name, y.alpn, y.version, y.cipher, y.subject, y.issuer, y.not_after, y.ja3, y.ja3s, y.ja4));
    }
}

TEST_F(HistoryReader, gives_back_what_was_given) {
    const flow::Observed full = everything();
    const flow::Observed plain = made_flow(noon + second);
    write({full, plain});
    const auto back = read();
    ASSERT_THAT(back, SizeIs(2));
    expect_same_ends(back[0], full);
    expect_same_numbers(back[0].record, full.record);
    expect_same_l7(*back[0].l7, *full.l7);
    EXPECT_EQ(back[0].loss, 9U);
    EXPECT_EQ(back[0].encrypted, std::optional(false));
    EXPECT_EQ(back[0].verdict, flow::Verdict::audit);
    EXPECT_TRUE(back[0].userland_proxy);
    EXPECT_EQ(back[0].network, "shop_default");
    EXPECT_EQ(back[0].node, "host");
    ASSERT_TRUE(back[0].source.process);
    EXPECT_EQ(back[0].source.process->pid, 4711);
    EXPECT_EQ(back[0].source.process->exe, "/usr/bin/curl");
    EXPECT_FALSE(back[0].destination.process);
    expect_same_ends(back[1], plain);
    expect_same_numbers(back[1].record, plain.record);
    EXPECT_FALSE(back[1].l7);
    EXPECT_FALSE(back[1].encrypted);
}

TEST_F(HistoryReader, gives_flows_that_had_a_part_in_the_time) {
    std::vector<flow::Observed> flows;
    for (int i = 0; i < 20'000; ++i) flows.push_back(made_flow(noon + i * 100'000'000LL));  // ten a second
    flow::Observed old = made_flow(noon + 1990 * second);                                   // ends late, and began before all others
    old.record.first_ns = noon - 3600 * second;
    flows.push_back(old);
    write(flows);
    EXPECT_EQ(count({}), 20'001U);
    EXPECT_EQ(count({.since_ns = noon + 100 * second, .until_ns = noon + 110 * second}), 102U) << "both ends included, and the long one";
    EXPECT_EQ(count({.until_ns = noon - 1800 * second}), 1U);
    EXPECT_EQ(count({.since_ns = noon + 3000 * second}), 0U);
    auto reader = *Reader::open(folder_.at("history"));
    const auto result = reader->flows({.since_ns = noon + 100 * second, .until_ns = noon + 110 * second}, [](const flow::Observed&) { return true; });
    EXPECT_LT(result->looked_at, 8200U) << "by blocks, not by all rows";
}

TEST_F(HistoryReader, finds_by_name_address_port_protocol_and_application) {
    flow::Observed other = made_flow(noon);
    set_ends(other.record, v4(0x0a000105), 50'000, v4(0x08080808), 53, packet::protocol::udp);
    auto external = std::make_shared<flow::Identity>();
    external->who = flow::Who::external;
    other.source.identity = container_named("db", "bank");
    other.destination.identity = external;
    other.network = "bank_default";
    auto l7 = std::make_shared<flow::L7>();
    l7->name = "dns";
    other.l7 = l7;
    write({made_flow(noon), other});
    const auto prefix = [](std::string_view text) { return *Prefix::parse(text); };
    const std::vector<std::pair<Query, std::size_t>> wanted = {
        {{.either = {.containers = {"shop-web-1"}}}, 1},
        {{.source = {.containers = {"shop-web-1"}}}, 1},
        {{.destination = {.containers = {"shop-web-1"}}}, 0},
        {{.either = {.containers = {container_named("db", "bank")->container_id.substr(0, 12)}}}, 2},
        {{.either = {.containers = {"aaaa"}}}, 0},
        {{.either = {.services = {"db"}}}, 1},
        {{.either = {.services = {"bank/db", "shop/web"}}}, 2},
        {{.either = {.projects = {"bank"}}}, 1},
        {{.either = {.images = {"shop/api:1"}}}, 1},
        {{.either = {.addresses = {prefix("8.8.8.0/24")}}}, 1},
        {{.source = {.addresses = {prefix("10.0.0.0/16")}}}, 2},
        {{.either = {.ports = {53}}}, 1},
        {{.either = {.ports = {40'000}}}, 1},
        {{.source = {.ports = {53}}}, 0},
        {{.source = {.ports = {50'000}}}, 1},
        {{.destination = {.ports = {80}}}, 1},
        {{.protocols = {17}}, 1},
        {{.networks = {"shop_default"}}, 1},
        {{.l7_names = {"dns", "http"}}, 1},
        {{.source = {.services = {"web"}}, .destination = {.services = {"api"}, .ports = {80}}, .protocols = {6}}, 1},
        {{.source = {.services = {"web"}}, .destination = {.services = {"db"}}}, 0},
    };
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(count(wanted[i].first), wanted[i].second) << i;
}

TEST_F(HistoryReader, newest_first_stops_when_the_caller_has_enough) {
    std::vector<flow::Observed> flows;
    for (int i = 0; i < 10'000; ++i) flows.push_back(made_flow(noon + i * second / 1000));
    flows.push_back(made_flow(noon - 86'400 * second));
    write(flows);
    std::vector<std::int64_t> ends;
    auto reader = *Reader::open(folder_.at("history"));
    const auto result = reader->flows({.newest_first = true}, [&](const flow::Observed& one) {
        ends.push_back(one.record.last_ns);
        return ends.size() < 3;
    });
    EXPECT_THAT(ends, ElementsAre(noon + 9999 * second / 1000, noon + 9998 * second / 1000, noon + 9997 * second / 1000));
    EXPECT_TRUE(result->stopped);
    EXPECT_EQ(result->flows, 3U);
}

// The issue's own question: what did a container that is gone talk to?
TEST_F(HistoryReader, a_removed_container_is_found_by_name_the_next_day) {
    write({made_flow(noon)});
    write({}, test_noon_ms + ms_per_day);
    const auto found = read({.either = {.containers = {"shop-web-1"}}});
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].destination.identity->container, "shop-api-1");
}

TEST_F(HistoryReader, sums_edges_of_any_time_exactly) {
    std::vector<flow::Observed> flows;
    for (int minute = 0; minute < 300; ++minute) flows.push_back(made_flow(noon + minute * 60 * second + second));
    flows.back().record.end = flow::End::reset;
    write(flows, test_noon_ms + 300 * 60'000);
    auto reader = *Reader::open(folder_.at("history"));
    const auto flows_in = [&](int from, int until) {
        const auto edges = reader->edges(test_noon_ms + from * 60'000, test_noon_ms + until * 60'000 - 1);
        return edges->empty() ? 0 : (*edges)[0].flows;
    };
    for (const auto& [from, until] : {std::pair{0, 5}, {3, 299}, {0, 300}, {59, 61}, {60, 120}, {61, 119}, {299, 300}, {-90, 1000}})
        EXPECT_EQ(flows_in(from, until), static_cast<std::uint64_t>(std::min(until, 300) - std::max(from, 0))) << from << " " << until;
    const auto all = reader->edges(0, INT64_MAX);
    ASSERT_THAT(*all, SizeIs(1));
    const Edge& edge = (*all)[0];
    EXPECT_EQ(edge.source.group(), "shop/web");
    EXPECT_EQ(edge.destination.group(), "shop/api");
    EXPECT_EQ(edge.port, std::optional<std::uint16_t>(80));
    EXPECT_EQ(edge.protocol, 6);
    EXPECT_EQ(edge.errors, 1U);
    EXPECT_EQ(edge.bytes_to_source, 300U * 4210);
    EXPECT_EQ(edge.first_seen_ms, test_noon_ms + 1000 - 3);
    EXPECT_EQ(edge.last_seen_ms, test_noon_ms + 299 * 60'000 + 1000);
}

TEST_F(HistoryReader, a_scan_of_ports_becomes_one_edge_without_a_port) {
    std::vector<flow::Observed> flows;
    for (int port = 1; port <= 20'000; ++port) {
        flow::Observed one = made_flow(noon);
        set_ends(one.record, v4(0x0a000001), 40'000, v4(0x0a000002), static_cast<std::uint16_t>(port), packet::protocol::tcp);
        flows.push_back(one);
    }
    write(flows);
    auto reader = *Reader::open(folder_.at("history"));
    const auto edges = reader->edges(0, INT64_MAX);
    ASSERT_TRUE(edges);
    EXPECT_LT(edges->size(), 5000U);
    std::uint64_t flows_of_all = 0, without_port = 0;
    for (const Edge& edge : *edges) {
        flows_of_all += edge.flows;
        if (!edge.port) without_port += edge.flows;
    }
    EXPECT_EQ(flows_of_all, 20'000U);
    EXPECT_GT(without_port, 10'000U);
    EXPECT_EQ(count({.destination = {.ports = {19'999}}}), 1U) << "the flows keep their ports";
}

TEST_F(HistoryReader, no_history_is_not_an_empty_one) {
    const auto none = Reader::open(folder_.at("nothing"));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Code::not_found);
    folder_.write("history/index.sqlite", "rubbish, and not a database at all: it is longer than a header of one hundred bytes, so that it is looked at");
    const auto broken = Reader::open(folder_.at("history"));
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, Code::corrupt);
}

TEST_F(HistoryReader, a_day_whose_writer_was_killed_in_its_first_moment_is_empty) {
    write({made_flow(noon)});
    folder_.write("history/" + day_file_name(test_day_ms / ms_per_day + 1), "");
    EXPECT_EQ(count({}), 1U);
    folder_.write("young/index.sqlite", "");
    EXPECT_EQ(Reader::open(folder_.at("young")).error().code, Code::not_found);
}

TEST_F(HistoryReader, a_day_that_cannot_be_read_is_an_error) {
    write({made_flow(noon)});
    folder_.write("history/" + day_file_name(test_day_ms / ms_per_day + 1), "rubbish " + std::string(200, 'x'));
    auto reader = *Reader::open(folder_.at("history"));
    int given = 0;
    const auto result = reader->flows({}, [&](const flow::Observed&) { return ++given > 0; });
    EXPECT_FALSE(result);
    EXPECT_EQ(given, 1) << "what came before it was given";
}

}  // namespace
}  // namespace bulkhead::history
