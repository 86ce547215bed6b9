// SPDX-License-Identifier: Apache-2.0
#include "flow/filter.h"

#include <gtest/gtest.h>

#include "flow/filter_words.h"
#include "flow/sample_flow.h"

namespace bulkhead::flow {
namespace {

constexpr std::int64_t now = 1'795'349'100'000'000'000;  // 2026-11-22T12:05:00Z

Filter made(const FilterWords& words) {
    const auto filter = make_filter(words, now);
    EXPECT_TRUE(filter) << filter.error().message;
    return filter.value_or(Filter{});
}

struct EndCase {
    std::vector<std::string> EndWords::* kind;
    const char* word;
    bool source, destination;  // whether each end of the sample is it
};

TEST(FlowFilter, each_kind_of_end_on_each_side) {
    const EndCase cases[] = {
        {&EndWords::container, "shop-web-1", true, false},
        {&EndWords::container, "shop-*", true, true},
        {&EndWords::container, "shop-web", false, false},  // no wildcard: the whole name
        {&EndWords::container, "web01234", true, false},   // the beginning of its id
        {&EndWords::container, "web", false, false},       // too short for an id
        {&EndWords::container, "shop-?b-1", false, true},
        {&EndWords::service, "web", true, false},
        {&EndWords::service, "shop/web", true, false},
        {&EndWords::service, "*/db", false, true},
        {&EndWords::service, "other/web", false, false},
        {&EndWords::project, "shop", true, true},
        {&EndWords::network, "shop_*", true, true},
        {&EndWords::image, "web", true, false},
        {&EndWords::image, "team/*", false, false},
        {&EndWords::image, "registry:5000/team/web", true, false},
        {&EndWords::image, "web:1.2", true, false},
        {&EndWords::image, "postgres", false, true},
        {&EndWords::image, "postgres:*", false, true},
        {&EndWords::image, "registry", false, false},
        {&EndWords::label, "tier", true, true},
        {&EndWords::label, "tier=db", false, true},
        {&EndWords::label, "com.docker.*=shop", true, true},
        {&EndWords::label, "tier=d", false, false},
        {&EndWords::ip, "10.0.0.2", true, false},
        {&EndWords::ip, "10.0.0.0/24", true, true},
        {&EndWords::ip, "fd00::/8", false, false},
        {&EndWords::fqdn, "DB.shop.internal", false, true},
        {&EndWords::fqdn, "*.internal", false, true},
        {&EndWords::port, "5432", false, true},
        {&EndWords::port, "40000-50000", true, false},
        {&EndWords::kind, "container", true, true},
        {&EndWords::kind, "external", false, false},
    };
    const Observed flow = sample_flow();
    for (const EndCase& one : cases) {
        FilterWords from, to, either;
        (from.from.*one.kind).emplace_back(one.word);
        (to.to.*one.kind).emplace_back(one.word);
        (either.either.*one.kind).emplace_back(one.word);
        EXPECT_EQ(made(from).takes(flow), one.source) << "from " << one.word;
        EXPECT_EQ(made(to).takes(flow), one.destination) << "to " << one.word;
        EXPECT_EQ(made(either).takes(flow), one.source || one.destination) << "either " << one.word;
    }
}

struct FlowCase {
    std::vector<std::string> FilterWords::* kind;
    const char* word;
    bool sample, http;
};

TEST(FlowFilter, each_kind_of_flow) {
    const FlowCase cases[] = {
        {&FilterWords::protocol, "tcp", true, true},
        {&FilterWords::protocol, "17", false, false},
        {&FilterWords::vni, "4097", false, false},
        {&FilterWords::l7, "postgresql", true, false},
        {&FilterWords::l7, "HTTP", false, true},
        {&FilterWords::http_method, "post", false, true},
        {&FilterWords::http_method, "DELETE", false, false},
        {&FilterWords::http_path, "/order/*", false, true},
        {&FilterWords::http_path, "/order", false, false},
        {&FilterWords::http_host, "*.example", false, true},
        {&FilterWords::http_status, "5xx", false, true},
        {&FilterWords::http_status, "400-499", false, false},
        {&FilterWords::http_status, "500+", false, true},
        {&FilterWords::dns_name, "*", false, false},
        {&FilterWords::sni, "*", false, false},
        {&FilterWords::verdict, "allow", true, true},
        {&FilterWords::verdict, "deny", false, false},
        {&FilterWords::process, "web", true, true},
        {&FilterWords::process, "77", true, true},
        {&FilterWords::process, "/usr/bin/*", true, true},
        {&FilterWords::process, "curl", false, false},
        {&FilterWords::node, "n1", true, true},
        {&FilterWords::node, "n2", false, false},
    };
    for (const FlowCase& one : cases) {
        FilterWords words;
        (words.*one.kind).emplace_back(one.word);
        EXPECT_EQ(made(words).takes(sample_flow()), one.sample) << one.word;
        EXPECT_EQ(made(words).takes(sample_http_flow()), one.http) << one.word;
        words.inverted = true;
        EXPECT_EQ(made(words).takes(sample_flow()), !one.sample) << "not " << one.word;
    }
}

TEST(FlowFilter, terms_of_a_kind_are_alternatives_and_kinds_hold_together) {
    FilterWords words;
    words.to.port = {"80", "5432"};
    EXPECT_TRUE(made(words).takes(sample_flow()));
    words.from.service = {"api"};
    EXPECT_FALSE(made(words).takes(sample_flow()));
}

TEST(FlowFilter, http_terms_hold_of_one_request) {
    FilterWords words;
    words.http_method = {"GET"};
    words.http_status = {"503"};
    EXPECT_FALSE(made(words).takes(sample_http_flow()));  // one was GET, another was 503
    words.http_method = {"POST"};
    EXPECT_TRUE(made(words).takes(sample_http_flow()));
}

TEST(FlowFilter, nobody_who_is_not_known_is_what_was_asked_for) {
    Observed flow = sample_flow();
    flow.source = flow.destination = {};
    flow.l7 = nullptr;
    FilterWords words;
    words.either.container = {"*"};
    EXPECT_FALSE(made(words).takes(flow));
    words = {};
    words.either.kind = {"unknown"};
    EXPECT_TRUE(made(words).takes(flow));
    words = {};
    words.unencrypted = true;
    EXPECT_FALSE(made(words).takes(flow));  // nothing on the wire tells
    flow.encrypted = false;
    EXPECT_TRUE(made(words).takes(flow));
}

TEST(FlowFilter, addresses_and_ports_behind_a_translation_count) {
    Observed flow = sample_flow();
    flow.destination.translated = Translated{sample_address(99), 8080};
    FilterWords words;
    words.to.ip = {"10.0.0.99"};
    words.to.port = {"8080"};
    EXPECT_TRUE(made(words).takes(flow));
}

TEST(FlowFilter, times_bound_what_was_seen_and_are_not_inverted) {
    const auto window = [](std::string since, std::string until) {
        FilterWords words;
        words.since = std::move(since);
        words.until = std::move(until);
        return words;
    };
    EXPECT_TRUE(made(window("5m", "")).takes(sample_flow()));
    EXPECT_FALSE(made(window("1m", "")).takes(sample_flow()));
    EXPECT_TRUE(made(window("2026-11-22", "2026-11-23")).takes(sample_flow()));
    EXPECT_TRUE(made(window("2026-11-22T12:00:01Z", "2026-11-22T12:00:02Z")).takes(sample_flow()));  // it went on
    EXPECT_FALSE(made(window("", "2026-11-22 12:00")).takes(sample_flow()));
    FilterWords words = window("1m", "");
    words.inverted = true;
    words.to.port = {"80"};
    EXPECT_FALSE(made(words).takes(sample_flow()));
    words = {};
    words.last = "1h";
    EXPECT_TRUE(made(words).takes(sample_flow()));
}

}  // namespace
}  // namespace bulkhead::flow
