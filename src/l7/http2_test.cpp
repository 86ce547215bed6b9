// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "l7/testing/talk.h"

namespace bulkhead::l7 {
namespace {

using testing::big;
using testing::hex;
using testing::Talk;

const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string frame(int type, int flags, int stream, const std::string& body) {
    return big(body.size(), 3) + big(static_cast<std::uint64_t>(type), 1) + big(static_cast<std::uint64_t>(flags), 1) +
           big(static_cast<std::uint64_t>(stream), 4) + body;
}
// RFC 7541: indexed fields, and literals without indexing (appendix C.2.2 has such a one).
std::string literal(int name_index, const std::string& value) { return big(static_cast<std::uint64_t>(name_index), 1) + big(value.size(), 1) + value; }
// content-type is 31 of the static table, more than four bits hold.
const std::string grpc_type = hex("0f10") + big(16, 1) + "application/grpc";
const std::string request = hex("83 86") + literal(4, "/shop.Cart/Add?x=1") + literal(1, "cart") + grpc_type;

TEST(Http2, streams_are_exchanges_and_grpc_is_told) {
    Talk talk(50051);
    talk.ask(preface + frame(4, 0, 0, "") + frame(1, 4, 1, request) + frame(0, 1, 1, "data"));
    talk.answer(frame(4, 0, 0, "") + frame(1, 4, 1, hex("88")));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.name, "http");
    EXPECT_EQ(l7.application, "grpc");
    ASSERT_EQ(l7.http.size(), 1U);
    EXPECT_EQ(l7.http[0].method, "POST");
    EXPECT_EQ(l7.http[0].host, "cart");
    EXPECT_EQ(l7.http[0].path, "/shop.Cart/Add");
    EXPECT_EQ(l7.http[0].version, "2");
    EXPECT_EQ(l7.http[0].status, 200);
    EXPECT_EQ(l7.http[0].latency_ns, 1'000'000);
    EXPECT_TRUE(l7.http[0].grpc);
}

TEST(Http2, answers_find_their_streams_and_frames_come_in_pieces) {
    Talk talk(8080);
    const std::string get_a = hex("82 86") + literal(4, "/a"), get_b = hex("82 86") + literal(4, "/b");
    const std::string all = preface + frame(1, 4, 1, get_a) + frame(1, 0, 3, get_b.substr(0, 3)) + frame(9, 4, 3, get_b.substr(3));
    talk.ask(all.substr(0, 26));  // a protocol is told by a first payload that holds its mark
    for (std::size_t at = 26; at < all.size(); at += 7) talk.ask(std::string_view(all).substr(at, 7));
    talk.answer(frame(1, 4, 3, hex("8d")) + frame(1, 4, 1, hex("88")));
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.http.size(), 2U);
    EXPECT_EQ(l7.http[0].status, 200);
    EXPECT_EQ(l7.http[1].status, 404);
}

TEST(Http2, a_header_block_that_is_broken_or_too_long_ends_its_direction) {
    Talk talk(8080);
    talk.ask(preface + frame(1, 4, 1, hex("ff ff ff ff ff ff")) + frame(1, 4, 3, hex("82 84 86")));
    EXPECT_TRUE(talk.end().http.empty());
    Talk other(8080);
    EXPECT_FALSE(other.ask(preface + big(0xffffff, 3) + hex("01 04 00000001")));
}

TEST(Http2, an_upgrade_leads_to_it) {
    Talk talk(8080);
    talk.ask("GET /first HTTP/1.1\r\nUpgrade: h2c\r\n\r\n");
    talk.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n" + frame(4, 0, 0, ""));
    talk.ask(preface + frame(1, 4, 3, hex("82 86") + literal(4, "/second")));
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.http.size(), 2U);
    EXPECT_EQ(l7.http[1].path, "/second");
}

}  // namespace
}  // namespace bulkhead::l7
