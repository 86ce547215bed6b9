// SPDX-License-Identifier: Apache-2.0
#include "flow/l7_text.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace bulkhead::flow {
namespace {

constexpr std::int64_t noon_ns = 1'795'348'800'000'000'000;

std::string json_of(const L7& l7) {
    std::string out;
    append_l7_json(out, l7);
    EXPECT_TRUE(json::Document::parse(out).has_value()) << out;
    return out;
}

std::string compact_of(const L7& l7) {
    std::string out;
    append_l7_compact(out, l7);
    return out;
}

L7 web() {
    L7 l7{.name = "http"};
    l7.http.push_back({noon_ns, "GET", "shop", "/cart", "1.1", 200, 3'400'000, false});
    l7.http.push_back({noon_ns, "POST", "shop", "/pay"});
    return l7;
}

TEST(L7Text, requests_are_told_with_their_answers) {
    EXPECT_EQ(
        json_of(web()),
        R"({"name":"http","http":[{"time":"2026-11-22T12:00:00.000Z","method":"GET","host":"shop","path":"/cart","version":"1.1","status":200,"latency_us":3400},)"
        R"({"time":"2026-11-22T12:00:00.000Z","method":"POST","host":"shop","path":"/pay"}]})");
    EXPECT_EQ(compact_of(web()), "http GET shop/cart 200 3.4 ms +1 more");
}

TEST(L7Text, what_is_not_known_is_left_out) {
    EXPECT_EQ(json_of({.name = "redis"}), R"({"name":"redis"})");
    EXPECT_EQ(compact_of({.name = "redis"}), "redis");
    EXPECT_EQ(json_of({}), "{}");
}

TEST(L7Text, names_of_dns_types_and_codes_are_ianas_and_unknown_ones_keep_their_number) {
    L7 l7{.name = "dns"};
    l7.dns.push_back({noon_ns, "db.internal", 28, 3, {}, 0, -1});
    l7.dns.push_back({noon_ns, "", 4711, 99, {"10.0.0.7"}, 60, 1'000});
    const std::string out = json_of(l7);
    EXPECT_NE(out.find(R"("name":"db.internal","type":"AAAA","rcode":"NXDOMAIN"})"), std::string::npos) << out;
    EXPECT_NE(out.find(R"("name":".","type":"TYPE4711","rcode":"99","answers":["10.0.0.7"],"ttl":60,"latency_us":1})"), std::string::npos) << out;
    EXPECT_EQ(compact_of(l7), "dns AAAA db.internal NXDOMAIN +1 more");
}

TEST(L7Text, texts_off_the_wire_cannot_leave_their_place) {
    L7 l7{.name = "ssh", .banner = "\x1b[2J\"\n\xff", .risks = {"ssh_version_1"}};
    EXPECT_EQ(compact_of(l7).find('\x1b'), std::string::npos);
    EXPECT_NE(compact_of(l7).find("! ssh_version_1"), std::string::npos);
    EXPECT_EQ(json_of(l7).find('\n'), std::string::npos);
}

TEST(L7Text, a_tls_session_is_its_name_version_and_protocol) {
    L7 l7{.name = "tls"};
    l7.tls.push_back({.server_name = "shop.example", .alpn = "h2", .version = "1.3"});
    EXPECT_EQ(compact_of(l7), "tls shop.example 1.3 h2");
    l7.tls[0].not_after = 1'795'348'800;
    EXPECT_NE(json_of(l7).find(R"("not_after":"2026-11-22T12:00:00.000Z")"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::flow
