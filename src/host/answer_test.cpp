// SPDX-License-Identifier: Apache-2.0
#include "host/answer.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

using namespace std::string_literals;

TEST(Answer, is_read_with_what_tls_told) {
    const auto answer = parse_answer(
        R"({"tls":{"version":"TLSv1.3","cipher":"X","certificates":["A\n","B\n"]},"asks_certificate":true,"alert":116,"end":"alert","answer":"2b504f"})");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_TRUE(answer->tls);
    EXPECT_EQ(answer->tls_version, "TLSv1.3");
    EXPECT_EQ(answer->certificates, "A\nB\n");
    EXPECT_TRUE(answer->asks_certificate);
    EXPECT_EQ(answer->alert, 116);
    EXPECT_EQ(answer->bytes, "+PO");
    const auto plain = parse_answer(R"({"tls":null,"asks_certificate":false,"alert":null,"end":"closed","answer":""})");
    ASSERT_TRUE(plain);
    EXPECT_FALSE(plain->tls);
    EXPECT_FALSE(plain->alert);
}

TEST(Answer, what_is_none_is_an_error) {
    for (const char* bytes : {"", "{}", "[]", "null", R"({"end":"none"})", R"({"end":"none","answer":"abc"})", R"({"end":"none","answer":"zz"})",
                              R"({"end":1,"answer":""})", R"({"rtt_us":5})"}) {
        EXPECT_FALSE(parse_answer(bytes)) << bytes;
    }
}

struct Told {
    const char* question;
    std::string bytes;
    Served served;
};

TEST(Answer, of_each_store_says_whether_it_serves_strangers) {
    const std::vector<Told> all = {
        {"redis", "+PONG\r", Served::stranger},
        {"redis", "-NOAUTH Authentication required.\r", Served::known_only},
        {"redis", "-DENIED Redis is running in protected mode", Served::known_only},
        {"redis", "HTTP/1.1 400 Bad Request", Served::not_told},
        {"redis", "", Served::not_told},
        {"memcached", "VERSION 1.6.18\r", Served::stranger},
        {"memcached", "CLIENT_ERROR unauthenticated\r", Served::known_only},
        {"memcached", "ERROR\r", Served::not_told},
        {"etcd", "HTTP/1.0 200 OK\r\n{\"header\":{\"cluster_id\":\"1\"}}", Served::stranger},
        {"etcd", "HTTP/1.0 400 Bad Request\r\n{\"error\":\"etcdserver: user name is empty\"}", Served::known_only},
        {"etcd", "HTTP/1.0 404 Not Found\r\n", Served::not_told},
        {"etcd", "HTTP/1.0 200 OK\r\n<html>hello", Served::not_told},
        {"elasticsearch", "HTTP/1.0 200 OK\r\n{\"cluster_name\":\"x\"}", Served::stranger},
        {"elasticsearch", "HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic", Served::known_only},
        {"couchdb", "HTTP/1.0 200 OK\r\nServer: CouchDB/3.3", Served::stranger},
        {"influxdb", "HTTP/1.0 200 OK\r\nX-Influxdb-Version:", Served::stranger},
        {"clickhouse", "HTTP/1.0 200 OK\r\nX-ClickHouse-Summary:", Served::stranger},
        {"clickhouse", "HTTP/1.0 516 \r\n", Served::known_only},
        {"consul", "HTTP/1.0 200 OK\r\nContent-Type: application/json", Served::stranger},
        {"consul", "HTTP/1.0 403 Forbidden\r\n", Served::known_only},
        {"mongodb", "x\0y\0databases\0"s, Served::stranger},
        {"mongodb", "ok\0errmsg\0command listDatabases requires authentication\0"s, Served::known_only},
        {"postgresql", "R\0\0\0\x8\0\0\0\0"s, Served::stranger},
        {"postgresql", "R\0\0\0\x17\0\0\0\x0aSCRAM"s, Served::known_only},
        {"postgresql", "E\0\0\0\x20SFATAL\0C28000"s, Served::not_told},  // refused by pg_hba.conf, or let in as a role that is not there
        {"cockroachdb", "R\0\0\0\x8\0\0\0\0"s, Served::stranger},
        {"cassandra", "\x84\0\0\0\2\0\0\0\0"s, Served::stranger},
        {"cassandra", "\x84\0\0\0\3\0\0\0\x1"s, Served::known_only},
        {"cassandra", "\x84\0\0\0\0\0\0\0\0"s, Served::not_told},
        {"nats", "INFO", Served::stranger},
        {"nats", "INFO auth_required", Served::known_only},
        {"swarm", "4 0 0 0\n", Served::not_told},
        {"oracle", "+PONG", Served::not_told},
    };
    for (const Told& one : all)
        EXPECT_EQ(judge_store(one.question, {.end = "none", .bytes = one.bytes}).served, one.served) << one.question << ": " << one.bytes;
}

TEST(Answer, an_alert_counts_where_a_certificate_was_asked_for) {
    EXPECT_EQ(judge_store("redis", {.asks_certificate = true, .alert = 116, .end = "alert", .bytes = {}}).served, Served::known_only);
    EXPECT_EQ(judge_store("redis", {.asks_certificate = true, .alert = 40, .end = "alert", .bytes = {}}).served, Served::known_only);
    EXPECT_EQ(judge_store("redis", {.alert = 40, .end = "alert", .bytes = {}}).served, Served::not_told) << "no cipher in common, perhaps";
    EXPECT_EQ(judge_store("redis", {.asks_certificate = true, .alert = 80, .end = "alert", .bytes = {}}).served, Served::not_told) << "internal_error";
}

TEST(Answer, a_call_that_gives_data_is_served_whatever_else_is_said) {
    const auto call = [](const std::string& frames, const std::string& end = "none") { return judge_call({.end = end, .bytes = frames}).served; };
    EXPECT_EQ(call("4 0 0 18\n4 1 0 0\n1 4 1 20\n0 0 1 5\n1 5 1 9\n"), Served::stranger);
    EXPECT_EQ(call("4 0 0 18\n1 5 1 63\n"), Served::known_only);
    EXPECT_EQ(call("1 5 3 63\n"), Served::not_told) << "the end of another stream";
    EXPECT_EQ(call("4 0 0 18\n3 0 1 4\n"), Served::known_only);
    EXPECT_EQ(call("7 0 0 8\n"), Served::known_only);
    EXPECT_EQ(call("4 0 0 18\n", "timeout"), Served::not_told);
    EXPECT_EQ(call("", "closed"), Served::known_only);
    EXPECT_EQ(call("", "timeout"), Served::not_told);
    EXPECT_EQ(call("garbage"), Served::not_told);
    EXPECT_EQ(judge_call({.asks_certificate = true, .alert = 42, .end = "alert", .bytes = {}}).served, Served::known_only);
}

TEST(Answer, what_was_said_is_short_and_can_be_shown) {
    EXPECT_EQ(judge_store("redis", {.end = "none", .bytes = "+PONG\r\nmore"}).said, "+PONG");
    EXPECT_EQ(judge_store("redis", {.end = "none", .bytes = "\x1b[2J"}).said, "\\x1b[2J");
    EXPECT_LE(judge_store("redis", {.end = "none", .bytes = "-NOAUTH " + std::string(1000, 'x')}).said.size(), 100U);
    EXPECT_EQ(judge_store("redis", {.end = "timeout", .bytes = {}}).said, "timeout");
}

}  // namespace
}  // namespace bulkhead::host
