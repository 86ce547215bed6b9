// SPDX-License-Identifier: Apache-2.0
#include "flow/filter_words.h"

#include <gtest/gtest.h>

namespace bulkhead::flow {
namespace {

constexpr std::int64_t second = 1'000'000'000;

TEST(FilterWords, protocols_have_names_and_numbers) {
    EXPECT_EQ(parse_protocol("TCP").value(), 6);
    EXPECT_EQ(parse_protocol("112").value(), 112);
    EXPECT_FALSE(parse_protocol("tpc"));
    EXPECT_FALSE(parse_protocol("256"));
}

TEST(FilterWords, durations) {
    EXPECT_EQ(parse_duration_ns("90s").value(), 90 * second);
    EXPECT_EQ(parse_duration_ns("1h30m").value(), 5400 * second);
    EXPECT_EQ(parse_duration_ns("2d").value(), 172'800 * second);
    EXPECT_EQ(parse_duration_ns("250ms").value(), second / 4);
    for (const char* bad : {"", "5", "m", "5x", "-5m", "5m ", "99999999999w", "1.5h"}) EXPECT_FALSE(parse_duration_ns(bad)) << bad;
}

TEST(FilterWords, moments) {
    const std::int64_t now = 1'795'349'100 * second;  // 2026-11-22T12:05:00Z
    EXPECT_EQ(parse_moment_ns("5m", now).value(), now - 300 * second);
    EXPECT_EQ(parse_moment_ns("2026-11-22T12:05:00Z", 0).value(), now);
    EXPECT_EQ(parse_moment_ns("2026-11-22T13:05:00+01:00", 0).value(), now);
    EXPECT_EQ(parse_moment_ns("2026-11-22 12:05", 0).value(), now);
    EXPECT_EQ(parse_moment_ns("2026-11-22", 0).value(), now - (12 * 3600 + 300) * second);
    for (const char* bad : {"", "yesterday", "12:05", "2026-13-01", "9999-12-31T00:00:00Z"}) EXPECT_FALSE(parse_moment_ns(bad, now)) << bad;
}

TEST(FilterWords, errors_name_the_option_the_word_and_what_is_allowed) {
    const auto error = [](const auto& set) {
        FilterWords words;
        set(words);
        const auto filter = make_filter(words, 0);
        return filter ? std::string("no error") : filter.error().message;
    };
    EXPECT_EQ(error([](FilterWords& words) { words.from.port = {"70000"}; }), "--from-port: \"70000\" is not a port or a range of ports: 443 or 8000-8099");
    EXPECT_EQ(error([](FilterWords& words) { words.verdict = {"drop"}; }), "--verdict: \"drop\" is not a verdict: allow, deny or audit");
    EXPECT_EQ(error([](FilterWords& words) { words.either.container = {""}; }), "--container: a name is wanted; * stands for any text");
    EXPECT_NE(error([](FilterWords& words) { words.to.kind = {"pod"}; }).find("container, peer, service"), std::string::npos);
    EXPECT_NE(error([](FilterWords& words) { words.http_status = {"5x"}; }).find("404, 5xx, 400+"), std::string::npos);
    EXPECT_NE(error([](FilterWords& words) { words.encrypted = words.unencrypted = true; }).find("exclude"), std::string::npos);
    EXPECT_NE(error([](FilterWords& words) { words.since = "1m", words.until = "5m"; }).find("not after"), std::string::npos);
    EXPECT_NE(error([](FilterWords& words) { words.last = "2026-11-22"; }).find("--last"), std::string::npos);
    EXPECT_NE(error([](FilterWords& words) { words.either.label = {"=x"}; }).find("NAME=VALUE"), std::string::npos);
    EXPECT_NE(error([](FilterWords& words) { words.vni = {"16777216"}; }).find("16777215"), std::string::npos);
}

TEST(NamePattern, stars_and_question_marks) {
    const auto takes = [](const char* pattern, const char* name) { return NamePattern::parse(pattern)->takes(name); };
    EXPECT_TRUE(takes("*", "anything"));
    EXPECT_TRUE(takes("a*b*c", "aXXbYYc"));
    EXPECT_FALSE(takes("a*b*c", "aXXcYYb"));
    EXPECT_TRUE(takes("a?c", "abc"));
    EXPECT_FALSE(takes("a?c", "ac"));
    EXPECT_FALSE(takes("web", "webs"));
    EXPECT_FALSE(NamePattern::parse(std::string(2000, 'x')));
    // A pattern that would take a careless matcher for ever.
    EXPECT_FALSE(takes("a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(200, 'a').c_str()));
}

}  // namespace
}  // namespace bulkhead::flow
