// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "l7/http_application.h"
#include "l7/http_body.h"
#include "l7/http_head.h"
#include "l7/testing/talk.h"

namespace bulkhead::l7 {
namespace {

using testing::Talk;

TEST(Http1, a_request_is_put_together_with_its_answer) {
    Talk talk(8080);
    talk.ask("GET /cart?token=secret HTTP/1.1\r\nHost: shop\r\n\r\n");
    talk.answer("HTTP/1.1 200 OK\r\nServer: nginx/1.22\r\nContent-Length: 2\r\n\r\nhi");
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.http.size(), 1U);
    EXPECT_EQ(l7.http[0].method, "GET");
    EXPECT_EQ(l7.http[0].host, "shop");
    EXPECT_EQ(l7.http[0].path, "/cart") << "a query carries secrets";
    EXPECT_EQ(l7.http[0].version, "1.1");
    EXPECT_EQ(l7.http[0].status, 200);
    EXPECT_EQ(l7.http[0].latency_ns, 1'000'000);
    EXPECT_EQ(l7.application, "nginx");
    EXPECT_EQ(l7.banner, "nginx/1.22");
}

TEST(Http1, requests_that_do_not_wait_get_their_answers_in_order) {
    Talk talk(80);
    talk.ask("GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
    talk.answer(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 204 No Content\r\nContent-Length: 99\r\n\r\nHTTP/1.1 404 Not");
    talk.answer(" Found\r\nContent-Length: 0\r\n\r\n");
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.http.size(), 3U);
    EXPECT_EQ(l7.http[0].status, 200);
    EXPECT_EQ(l7.http[1].status, 204);
    EXPECT_EQ(l7.http[2].status, 404);
}

TEST(Http1, bodies_are_stepped_over_whatever_is_in_them) {
    Talk talk(80);
    talk.ask("POST /a HTTP/1.1\r\nContent-Length: 42\r\n\r\nGET /not HTTP/1.1\r\n\r\n");
    talk.ask("GET /not/either HTTP/");
    talk.ask("GET /b HTTP/1.1\r\n\r\n");
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.http.size(), 2U);
    EXPECT_EQ(l7.http[1].path, "/b");
}

TEST(Http1, the_first_bytes_of_each_direction_are_enough_for_one_exchange) {
    Talk talk(80);
    talk.ask("GET /long HTTP/1.1\r\nHost: shop\r\nCookie: " + std::string(460, 'x'), 2'000);
    talk.answer("HTTP/1.1 503 Unavailable\r\nContent-Le", 9'000);
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.http.at(0).host, "shop");
    EXPECT_EQ(l7.http.at(0).status, 503);
}

TEST(Http1, more_exchanges_than_are_kept_are_counted) {
    Talk talk(80);
    for (int i = 0; i < 70; ++i) talk.ask("GET / HTTP/1.1\r\n\r\n");
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.http.size(), flow::l7_exchanges_max);
    EXPECT_EQ(l7.exchanges_left_out, 6U);
}

TEST(Http1, two_lengths_and_passwords_in_the_clear_are_risks) {
    Talk talk(80);
    talk.ask("POST /a HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nAuthorization: Basic eDp5\r\n\r\n");
    EXPECT_EQ(talk.end().risks, (std::vector<std::string>{"http_request_smuggling", "clear_text_password"}));
}

TEST(Http1, an_upgrade_ends_what_is_http) {
    Talk talk(80);
    talk.ask("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    EXPECT_FALSE(talk.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
    EXPECT_EQ(talk.end().application, "websocket");
}

TEST(Http1, a_scan_for_a_program_does_not_make_it_that_program) {
    Talk scan(80);
    scan.ask("GET /wp-login.php HTTP/1.1\r\n\r\n");
    scan.answer("HTTP/1.1 404 Not Found\r\nServer: nginx\r\n\r\n");
    EXPECT_EQ(scan.end().application, "nginx");
    Talk real(80);
    real.ask("GET /wp-login.php HTTP/1.1\r\n\r\n");
    real.answer("HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n");
    EXPECT_EQ(real.end().application, "wordpress");
}

TEST(HttpApplication, each_row_is_met_by_what_it_says_and_not_by_half_of_it) {
    for (const HttpApplication& row : http_applications()) {
        HttpHead whole, half;
        const std::string_view near = row.prefix.substr(0, row.prefix.size() - 1);
        std::string_view path, near_path;
        if (row.place == HttpPlace::server) whole.server = row.prefix, half.server = near;
        if (row.place == HttpPlace::powered_by) whole.powered_by = row.prefix, half.powered_by = near;
        if (row.place == HttpPlace::path) path = row.prefix, near_path = near;
        EXPECT_EQ(http_application(whole, path), row.application) << row.prefix;
        EXPECT_NE(http_application(half, near_path), row.application) << row.prefix;
    }
    HttpHead head;
    head.says_consul = true;
    EXPECT_EQ(http_application(head, ""), "consul");
}

TEST(HttpHead, targets_lose_query_user_and_scheme) {
    EXPECT_EQ(http_target("http://u:p@shop/x?y").host, "shop");
    EXPECT_EQ(http_target("http://u:p@shop/x?y").path, "/x");
    EXPECT_EQ(http_target("/go?to=http://x/").path, "/go");
    EXPECT_EQ(http_target("*").path, "*");
}

TEST(HttpHead, what_is_no_message_is_none) {
    const auto parse = [](std::string_view text) { return parse_http_head(span_of(text)).has_value(); };
    EXPECT_TRUE(parse("GET / HTTP/1.0\r\n\r\n"));
    EXPECT_FALSE(parse("GETT / HTTP/1.0\r\n\r\n"));
    EXPECT_FALSE(parse("GET /\r\n\r\n"));
    EXPECT_FALSE(parse("HTTP/1.1 abc\r\n\r\n"));
    EXPECT_FALSE(parse(""));
}

TEST(HttpBody, a_chunk_of_an_impossible_length_lasts_as_long_as_the_connection) {
    HttpBody body = HttpBody::chunked();
    const std::string_view text = "ffffffffffffffff\r\nabc";
    EXPECT_EQ(body.skip(span_of(text)), text.size());
    EXPECT_FALSE(body.over());
    EXPECT_TRUE(body.skip_missing(1U << 31));
}

TEST(HttpBody, missing_bytes_are_known_to_be_the_bodys_only_within_it) {
    HttpBody body = HttpBody::of(10);
    EXPECT_FALSE(body.skip_missing(11));
    EXPECT_TRUE(body.skip_missing(10));
    EXPECT_TRUE(body.over());
}

}  // namespace
}  // namespace bulkhead::l7
