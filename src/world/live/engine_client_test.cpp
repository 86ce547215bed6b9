// SPDX-License-Identifier: Apache-2.0
#include "world/live/engine_client.h"

#include <gmock/gmock.h>

#include "world/live/small_server.h"

namespace bulkhead::world {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::StartsWith;

constexpr EngineLimits small_limits{.connect_ms = 2'000, .total_ms = 2'000, .body_bytes_max = 1024 * 1024};

// Answers the ping soundly, and everything else as told.
SmallServer::Answer sound_ping(SmallServer::Answer other) {
    return [other = std::move(other)](int connection, const std::string& path) {
        if (path == "/_ping") {
            SmallServer::send(connection, SmallServer::http(200, "OK"));
        } else {
            other(connection, path);
        }
    };
}

SmallServer::Answer always(std::string bytes) {
    return sound_ping([bytes = std::move(bytes)](int connection, const std::string&) { SmallServer::send(connection, bytes); });
}

Reading get_from(SmallServer& server, const std::string& target = "/info", EngineLimits limits = small_limits) {
    return EngineClient({.unix_path = server.path()}, limits).get(target);
}

Reading answer_of(std::string bytes, EngineLimits limits = small_limits) {
    SmallServer server(SmallServer::Family::unix_socket, always(std::move(bytes)));
    return get_from(server, "/info", limits);
}

TEST(EngineClient, speaks_the_lower_of_both_versions_and_only_gets) {
    SmallServer server(SmallServer::Family::unix_socket, always(SmallServer::http(200, "{}")));
    EngineClient client({.unix_path = server.path()}, small_limits);
    const Reading reading = client.get("/containers/json?all=1");
    EXPECT_EQ(reading.outcome, Outcome::present) << reading.reason;
    EXPECT_EQ(reading.bytes, "{}");
    EXPECT_EQ(reading.locator, "engine:/containers/json?all=1");
    client.get("/info");
    EXPECT_EQ(server.requests(), (std::vector<std::string>{"GET /_ping HTTP/1.1", "GET /v1.41/containers/json?all=1 HTTP/1.1", "GET /v1.41/info HTTP/1.1"}));
}

TEST(EngineClient, recent_events_are_asked_for_with_an_end) {
    SmallServer server(SmallServer::Family::unix_socket, always(SmallServer::http(200, "")));
    EXPECT_EQ(get_from(server, "/events?recent").outcome, Outcome::present);
    EXPECT_THAT(server.requests().back(), StartsWith("GET /v1.41/events?since=0&until=1"));
}

TEST(EngineClient, answers_over_tcp_as_well) {
    SmallServer server(SmallServer::Family::loopback, always(SmallServer::http(200, "[]")));
    EngineClient client({.host = "127.0.0.1", .port = server.port()}, small_limits);
    EXPECT_EQ(client.get("/networks").bytes, "[]");
}

TEST(EngineClient, statuses_become_outcomes_with_the_engines_words) {
    EXPECT_EQ(answer_of(SmallServer::http(404, R"({"message":"No such container: x"})")).outcome, Outcome::absent);
    EXPECT_EQ(answer_of(SmallServer::http(401, "")).outcome, Outcome::denied);
    EXPECT_EQ(answer_of(SmallServer::http(403, "<html>")).outcome, Outcome::denied);
    const Reading broken = answer_of(SmallServer::http(500, R"({"message":"disk \u001b[31mfull"})"));
    EXPECT_EQ(broken.outcome, Outcome::failed);
    EXPECT_THAT(broken.reason, HasSubstr("HTTP 500: disk \\x1b[31mfull"));
    const Reading moved = answer_of(SmallServer::http(302, "", "Location: http://127.0.0.1:1/\r\n"));
    EXPECT_EQ(moved.outcome, Outcome::failed);
    EXPECT_THAT(moved.reason, HasSubstr("HTTP 302"));
    EXPECT_THAT(answer_of(SmallServer::http(400, "Client sent an HTTP request to an HTTPS server.\n")).reason, HasSubstr("DOCKER_TLS_VERIFY=1"));
}

TEST(EngineClient, cut_answers_are_failures) {
    const Reading by_length = answer_of("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
    EXPECT_EQ(by_length.outcome, Outcome::failed);
    EXPECT_THAT(by_length.reason, HasSubstr("cut after 5 bytes"));
    EXPECT_THAT(answer_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n").reason, HasSubstr("cut"));
    EXPECT_EQ(answer_of("HTTP/1.1 200 OK\r\nContent-Le").outcome, Outcome::failed);
    EXPECT_EQ(answer_of("HTTP/1.1 200 OK\r\n\r\n{}").outcome, Outcome::failed);  // nothing tells whether that was all
    EXPECT_EQ(answer_of("").outcome, Outcome::failed);
    EXPECT_EQ(answer_of("garbage\r\n\r\n").outcome, Outcome::failed);
}

TEST(EngineClient, answer_over_the_limit_is_a_failure_that_names_it) {
    const Reading declared = answer_of("HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n" + std::string(2 * 1024 * 1024, 'x'));
    EXPECT_EQ(declared.outcome, Outcome::failed);
    EXPECT_THAT(declared.reason, HasSubstr("limit of 1048576 bytes"));
    SmallServer endless(SmallServer::Family::unix_socket, sound_ping([](int connection, const std::string&) {
                            SmallServer::send(connection, "HTTP/1.1 200 OK\r\n\r\n");
                            while (SmallServer::send(connection, std::string(64 * 1024, 'x'))) {
                            }
                        }));
    EXPECT_THAT(get_from(endless).reason, HasSubstr("limit of 1048576 bytes"));
    SmallServer headers(SmallServer::Family::unix_socket, sound_ping([](int connection, const std::string&) {
                            SmallServer::send(connection, "HTTP/1.1 200 OK\r\n");
                            while (SmallServer::send(connection, "X-More: " + std::string(1024, 'x') + "\r\n")) {
                            }
                        }));
    EXPECT_THAT(get_from(headers).reason, HasSubstr("headers"));
}

TEST(EngineClient, answer_as_large_as_the_limit_is_read) {
    EXPECT_EQ(answer_of(SmallServer::http(200, std::string(1024 * 1024, ' '))).outcome, Outcome::present);
}

TEST(EngineClient, silent_engine_ends_at_the_time_limit) {
    SmallServer server(SmallServer::Family::unix_socket, sound_ping([](int connection, const std::string&) {
                           pollfd gone{connection, POLLRDHUP, 0};
                           ::poll(&gone, 1, 5'000);  // until the client gives up
                       }));
    const Reading reading = get_from(server, "/info", {.connect_ms = 200, .total_ms = 200});
    EXPECT_EQ(reading.outcome, Outcome::failed);
    EXPECT_THAT(reading.reason, HasSubstr("200 ms in all"));
}

TEST(EngineClient, silence_is_waited_out_once_by_all_requests) {
    SmallServer server(SmallServer::Family::unix_socket, [](int connection, const std::string&) {
        pollfd gone{connection, POLLRDHUP, 0};
        ::poll(&gone, 1, 5'000);
    });
    EngineClient client({.unix_path = server.path()}, {.connect_ms = 300, .total_ms = 300});
    for (const char* target : {"/info", "/networks", "/images/json"}) EXPECT_THAT(client.get(target).reason, HasSubstr("300 ms in all"));
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(EngineClient, missing_socket_and_dead_port_say_that_no_engine_answers) {
    const Reading missing = EngineClient({.unix_path = "/nonexistent/docker.sock"}).get("/info");
    EXPECT_EQ(missing.outcome, Outcome::failed);
    EXPECT_EQ(missing.reason, "no engine answers at unix:///nonexistent/docker.sock: No such file or directory");
    int port = 0;
    {
        port = SmallServer(SmallServer::Family::loopback, always("")).port();
    }
    const Reading refused = EngineClient({.host = "127.0.0.1", .port = port}).get("/info");
    EXPECT_THAT(refused.reason, HasSubstr("no engine answers at tcp://127.0.0.1:"));
}

TEST(EngineClient, too_old_and_foreign_servers_are_refused) {
    SmallServer old(SmallServer::Family::unix_socket, [](int connection, const std::string&) {
        SmallServer::send(connection, "HTTP/1.1 200 OK\r\nApi-Version: 1.18\r\nContent-Length: 2\r\n\r\nOK");
    });
    EXPECT_THAT(get_from(old).reason, HasSubstr("speaks API 1.18"));
    SmallServer web(SmallServer::Family::unix_socket,
                    [](int connection, const std::string&) { SmallServer::send(connection, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"); });
    const Reading foreign = get_from(web);
    EXPECT_EQ(foreign.outcome, Outcome::failed);
    EXPECT_THAT(foreign.reason, HasSubstr("no Docker Engine"));
}

TEST(EngineClient, version_is_taken_from_version_where_the_ping_is_silent) {
    SmallServer server(SmallServer::Family::unix_socket, [](int connection, const std::string& path) {
        const std::string body = path == "/version" ? R"({"ApiVersion":"1.30"})" : "OK";
        SmallServer::send(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    });
    EXPECT_EQ(get_from(server).outcome, Outcome::present);
    EXPECT_EQ(server.requests().back(), "GET /v1.30/info HTTP/1.1");
}

TEST(EngineClient, targets_that_are_no_paths_are_never_sent) {
    SmallServer server(SmallServer::Family::unix_socket, always(SmallServer::http(200, "{}")));
    for (const char* target : {"", "info", "/a b", "/a\r\nX: y", "/\xFF"}) EXPECT_EQ(get_from(server, target).outcome, Outcome::failed);
    EXPECT_TRUE(server.requests().empty());
}

TEST(EngineClient, answer_without_an_end_is_followed_bit_by_bit_and_silence_is_no_error) {
    SmallServer server(SmallServer::Family::unix_socket, sound_ping([](int connection, const std::string&) {
                           SmallServer::send(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\none\n\r\n");
                           char byte = 0;
                           EXPECT_EQ(::read(connection, &byte, 1), 0);  // until the other side has enough
                       }));
    EngineClient client({.unix_path = server.path()}, small_limits);
    const auto stream = client.follow("/events?since=1.000");
    ASSERT_TRUE(stream.has_value());
    const auto first = (*stream)->next();
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(*first, "one\n");
    const auto silence = (*stream)->next_within(std::chrono::milliseconds(30));
    ASSERT_TRUE(silence.has_value());
    EXPECT_FALSE(silence->has_value());
}

TEST(EngineClient, several_threads_read_at_once) {
    SmallServer server(SmallServer::Family::unix_socket, always(SmallServer::http(200, "{}")));
    EngineClient client({.unix_path = server.path()}, small_limits);
    std::array<Outcome, 4> outcomes{};
    {
        std::vector<std::jthread> threads;
        for (auto& outcome : outcomes) {
            threads.emplace_back([&client, &outcome] {
                for (int i = 0; i < 5; ++i) outcome = client.get("/info").outcome;
            });
        }
    }
    EXPECT_THAT(outcomes, Each(Outcome::present));
}

TEST(ApiVersion, compares_numbers_not_text) {
    EXPECT_LT(ApiVersion::parse("1.9"), ApiVersion::parse("1.24"));
    for (const char* text : {"", "1", "1.", "a.b", "1.2.3", "-1.2", "1.99999"}) EXPECT_FALSE(ApiVersion::parse(text).has_value()) << text;
}

}  // namespace
}  // namespace bulkhead::world
