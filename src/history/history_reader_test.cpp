// SPDX-License-Identifier: Apache-2.0
#include "history/history_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "history/testing/made_flows.h"
#include "history/writer.h"
#include "world/testing/child.h"
#include "world/testing/fake_reader.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::history {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr std::int64_t noon = test_noon_ms * ns_in_ms;

class PastReader : public testing::Test {
  protected:
    std::unique_ptr<Writer> writer() {
        WriterOptions options;
        options.folder = folder_.at("history");
        options.now = [] { return test_noon_ms; };
        options.queue_max = 1 << 20;
        auto opened = Writer::open(options);
        EXPECT_TRUE(opened) << opened.error().message;
        return std::move(*opened);
    }
    world::Reading read(const std::string& what, const Conditions& conditions = {}) {
        return HistoryReader(inner_, folder_.at("history")).read(world::history_of(what, conditions));
    }
    // The rows, each as its JSON.
    std::vector<std::string> rows(const std::string& what, const Conditions& conditions = {}) {
        const world::Reading reading = read(what, conditions);
        EXPECT_TRUE(reading.present()) << reading.reason;
        auto document = json::Document::parse(reading.bytes);
        EXPECT_TRUE(document) << reading.bytes;
        std::vector<std::string> out;
        if (!document) return out;
        for (const json::Value& row : document->root().items()) out.push_back(row.dump());
        return out;
    }

    world::TempFolder folder_;
    world::FakeReader inner_;
};

TEST_F(PastReader, passes_on_what_is_not_about_the_past) {
    inner_.set("file:/x", "bytes");
    EXPECT_EQ(HistoryReader(inner_, "/nothing").read(world::file_at("/x")).bytes, "bytes");
}

TEST_F(PastReader, says_that_there_is_no_history) {
    for (const char* what : {"flow", "edge", "blind_spot"}) {
        const world::Reading reading = read(what);
        EXPECT_EQ(reading.outcome, world::Outcome::failed);
        EXPECT_THAT(reading.reason, HasSubstr("no history in " + folder_.at("history")));
        EXPECT_THAT(reading.reason, HasSubstr("bulkhead serve"));
    }
    EXPECT_EQ(read("watched_time").bytes, "[\n]") << "nobody watched: that is known";
    writer()->close();
    EXPECT_EQ(read("nothing").outcome, world::Outcome::failed);
    EXPECT_EQ(HistoryReader(inner_, folder_.at("history")).read({world::Kind::history, "dns_query?since", ""}).outcome, world::Outcome::failed);
    EXPECT_EQ(HistoryReader(inner_, folder_.at("history")).read({world::Kind::history, "dns_query?source_ip=%4", ""}).outcome, world::Outcome::failed);
}

TEST_F(PastReader, says_that_it_may_not_look) {
    writer()->close();
    ::chmod(folder_.path().c_str(), 0755);
    const int answer = world::in_child([&] {
        if (::getuid() == 0 && !world::become_nobody()) return 9;
        return read("edge").outcome == world::Outcome::denied ? 0 : 1;
    });
    if (::getuid() == 0) EXPECT_EQ(answer, 0);
}

TEST_F(PastReader, answers_with_flows_as_their_fields) {
    auto kept = writer();
    kept->add(made_flow(noon));
    flow::Observed other = made_flow(noon);
    other.source.identity = container_named("db");
    kept->add(other);
    kept->close();
    EXPECT_THAT(rows("flow"), SizeIs(2));
    const auto found = rows("flow", {{"source_container", "shop-web-1"}, {"destination_port", "80"}, {"protocol", "tcp"}, {"source_ip", "10.0.0.1"}});
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_THAT(found[0], HasSubstr(R"("source_container":"shop-web-1")"));
    EXPECT_THAT(found[0], HasSubstr(R"("destination_port":80)"));
    EXPECT_THAT(found[0], HasSubstr(R"("bytes_to_source":4210)"));
    EXPECT_THAT(rows("flow", {{"since", std::to_string(test_noon_ms + 1)}}), SizeIs(0));
    EXPECT_THAT(rows("flow", {{"until", std::to_string(test_noon_ms)}}), SizeIs(2));
    EXPECT_THAT(rows("flow", {{"since", "9223372036854775807"}}), SizeIs(0));
}

TEST_F(PastReader, more_than_fits_is_a_failure_that_says_what_to_do) {
    auto kept = writer();
    auto l7 = std::make_shared<flow::L7>();
    l7->http.resize(flow::l7_exchanges_max);
    for (std::size_t i = 0; i <= answer_rows_max / flow::l7_exchanges_max; ++i) {
        flow::Observed flow = made_flow(noon + static_cast<std::int64_t>(i));
        flow.l7 = l7;
        kept->add(flow);
    }
    kept->close();
    const world::Reading reading = read("http_request");
    EXPECT_EQ(reading.outcome, world::Outcome::failed);
    EXPECT_THAT(reading.reason, HasSubstr("time >="));
    EXPECT_THAT(rows("edge"), SizeIs(1));
}

TEST_F(PastReader, answers_with_what_was_said) {
    flow::Observed flow = made_flow(noon);
    auto l7 = std::make_shared<flow::L7>();
    l7->name = "http";
    l7->http = {{noon, "GET", "api", "/a\"b", "1.1", 503, 5'000'000, false}};
    l7->dns = {{noon, "api.test", 1, 3, {}, 0, 70'000}, {noon, "x.test", 28, 0, {"::1"}, 30, -1}};
    l7->tls = {{.server_name = "api.test", .version = "1.2", .not_after = 1'800'000'000}};
    flow.l7 = l7;
    auto kept = writer();
    kept->add(flow);
    kept->add(made_flow(noon));
    kept->close();
    const auto requests = rows("http_request");
    ASSERT_THAT(requests, SizeIs(1));
    EXPECT_THAT(requests[0], HasSubstr(R"("path":"/a\"b")"));
    EXPECT_THAT(requests[0], HasSubstr(R"("status":503)"));
    EXPECT_THAT(requests[0], HasSubstr(R"("source_service":"web")"));
    const auto queries = rows("dns_query", {{"source_service", "web"}});
    ASSERT_THAT(queries, SizeIs(2));
    EXPECT_THAT(queries[0], HasSubstr(R"("rcode":"NXDOMAIN")"));
    EXPECT_THAT(queries[1], HasSubstr(R"("type":"AAAA")"));
    EXPECT_THAT(queries[1], HasSubstr(R"("answers":["::1"])"));
    EXPECT_THAT(rows("dns_query", {{"source_service", "nobody"}}), SizeIs(0));
    EXPECT_THAT(rows("dns_query", {{"source_container", "shop-web-1"}, {"destination_port", "80"}, {"protocol", "tcp"}, {"source_ip", "10.0.0.1"}}), SizeIs(2));
    EXPECT_THAT(rows("dns_query", {{"protocol", "udp"}}), SizeIs(0));
    EXPECT_THAT(rows("dns_query", {{"since", std::to_string(test_noon_ms + 1)}}), SizeIs(0));
    EXPECT_THAT(rows("dns_query", {{"until", std::to_string(test_noon_ms)}}), SizeIs(2));
    EXPECT_THAT(rows("dns_query", {{"since", "9223372036854775807"}}), SizeIs(0));
    const auto sessions = rows("tls_session");
    ASSERT_THAT(sessions, SizeIs(1));
    EXPECT_THAT(sessions[0], HasSubstr(R"("not_after":"2027-01-15T08:00:00.000Z")"));
}

TEST_F(PastReader, answers_with_lives_counters_edges_and_blind_spots) {
    auto kept = writer();
    kept->add(made_flow(noon));
    kept->add(ContainerEvent{test_noon_ms, ContainerEvent::What::born, "abc", "web", "nginx", "shop", "web", -1, R"({"Id":"abc"})"});
    kept->add(ContainerEvent{test_noon_ms, ContainerEvent::What::died, "abc", "web", "nginx", "shop", "web", 1, "{broken"});
    kept->add(DatapathCounters{test_noon_ms, "ring", {{"lost", 3}}});
    kept->add(BlindSpot{test_noon_ms, test_noon_ms + 1, "ring_full", "veth1", 12, {}});
    kept->close();
    const auto lives = rows("container_history", {{"container_name", "web"}});
    ASSERT_THAT(lives, SizeIs(2));
    EXPECT_THAT(lives[0], HasSubstr(R"("inspect":{"Id":"abc"})"));
    EXPECT_THAT(lives[1], testing::Not(HasSubstr("inspect"))) << "what is no JSON is not passed on as such";
    EXPECT_THAT(rows("container_history", {{"container_name", "other"}}), SizeIs(0));
    EXPECT_THAT(rows("datapath_stats"), SizeIs(1));
    const auto edges = rows("edge");
    ASSERT_THAT(edges, SizeIs(1));
    EXPECT_THAT(edges[0], HasSubstr(R"("source_group":"shop/web")"));
    EXPECT_THAT(edges[0], HasSubstr(R"("flows":1)"));
    inner_.set_as_of(test_noon_ms + 3'600'000);
    const auto blind = rows("blind_spot");
    ASSERT_THAT(blind, SizeIs(3)) << "before the first watch, since the last one, and what was noted";
    EXPECT_THAT(blind[0], HasSubstr(R"("end_time":"2026-11-22T12:00:00.000Z","cause":"nobody_watched")"));
    EXPECT_THAT(blind[0], testing::Not(HasSubstr("begin_time"))) << "since ever";
    EXPECT_THAT(blind[1], HasSubstr(R"("begin_time":"2026-11-22T12:00:00.000Z","end_time":"2026-11-22T13:00:00.000Z")"));
    EXPECT_THAT(blind[2], HasSubstr("ring_full"));
    EXPECT_THAT(rows("watched_time"), testing::Contains(HasSubstr(R"("begin_time":"2026-11-22T12:00:00.000Z")")));
}

}  // namespace
}  // namespace bulkhead::history
