// SPDX-License-Identifier: Apache-2.0
#include "agent/collector.h"

#include <gmock/gmock.h>

#include <thread>

#include "world/live/small_server.h"

namespace bulkhead::agent {
namespace {

using world::SmallServer;

// An engine that answers every list soundly and ends its events at once, as one that stops does.
void answer(int connection, const std::string& path) {
    std::string body = "[]";
    if (path == "/_ping") body = "OK";
    if (path.ends_with("/info")) body = R"({"Name":"alpha","ServerVersion":"20.10.24","Swarm":{"LocalNodeState":"inactive"}})";
    if (path.find("/events") != std::string::npos) body = "";
    SmallServer::send(connection, SmallServer::http(200, body));
}

TEST(Collector, engine_that_ends_its_events_is_counted_and_read_anew) {
    SmallServer server(SmallServer::Family::unix_socket, answer);
    world::LiveReader reader({.engine = {.unix_path = server.path()}});
    Identities identities;
    std::atomic<int> looked = 0;
    Collector collector(reader, identities, {}, [&] { ++looked; });
    std::jthread thread([&](const std::stop_token& stop) { collector.run(stop); });
    collector.wait_until_ready(thread.get_stop_token(), std::chrono::seconds(20));
    EXPECT_EQ(collector.node(), "alpha");
    while (collector.counts().full_readings < 2) std::this_thread::yield();
    EXPECT_GE(collector.counts().engine_gone, 1u);
    EXPECT_GE(looked, 1);
    thread.request_stop();
    thread.join();
}

TEST(Collector, engine_that_is_not_there_makes_nobody_wait) {
    world::LiveReader reader({.engine = {.unix_path = "/nonexistent/engine.sock"}});
    Identities identities;
    Collector collector(reader, identities, {}, {});
    std::jthread thread([&](const std::stop_token& stop) { collector.run(stop); });
    collector.wait_until_ready(thread.get_stop_token(), std::chrono::seconds(20));
    const auto counts = collector.counts();
    EXPECT_GE(counts.engine_gone, 1u);
    EXPECT_EQ(counts.full_readings, 0u);
    EXPECT_FALSE(counts.engine_answers);
    EXPECT_THAT(counts.last_problem, testing::HasSubstr("no engine answers"));
}

}  // namespace
}  // namespace bulkhead::agent
