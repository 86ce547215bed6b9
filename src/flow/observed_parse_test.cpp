// SPDX-License-Identifier: Apache-2.0
#include "flow/observed_parse.h"

#include <gtest/gtest.h>

#include "flow/observed_text.h"
#include "flow/sample_flow.h"

namespace bulkhead::flow {
namespace {

std::string json_of(const Observed& flow) {
    std::string out;
    append_json(out, flow);
    return out;
}

void expect_same_again(const Observed& flow) {
    const std::string once = json_of(flow);
    const auto parsed = parse_observed(once);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(json_of(*parsed), once);
}

TEST(ObservedParse, what_was_written_reads_the_same) {
    expect_same_again(sample_flow());
    expect_same_again(sample_http_flow());
    Observed flow = sample_flow();
    flow.encrypted = true;
    flow.loss = 9;
    flow.userland_proxy = true;
    flow.verdict = Verdict::deny;
    flow.record.vlan = 12;
    flow.record.key.network_and_protocol |= 4097U << 8;
    flow.record.tunnelled = true;
    flow.record.outer_source = sample_address(7);
    flow.record.outer_destination = sample_address(8);
    flow.record.end = flow::End::reset;
    flow.source.translated = Translated{sample_address(9), 80};
    auto l7 = std::make_shared<L7>();
    l7->name = "dns";
    l7->dns = {{.time_ns = flow.record.first_ns, .name = "db", .type = 28, .rcode = 3, .answers = {"::1"}, .ttl = 5, .latency_ns = 7000},
               {.time_ns = flow.record.first_ns, .name = "", .type = 4711, .rcode = -1, .answers = {}, .ttl = 0, .latency_ns = -1}};
    l7->tls = {{.server_name = "db", .alpn = "h2", .version = "1.3", .not_after = 1'800'000'000}};
    l7->risks = {"clear-text"};
    flow.l7 = l7;
    expect_same_again(flow);
    flow.record.key.network_and_protocol = packet::protocol::icmp;
    flow.record.key.low_port = flow.record.key.high_port = 0;
    expect_same_again(flow);
}

TEST(ObservedParse, who_began_is_kept_whichever_address_is_lower) {
    Observed flow = sample_flow();
    flow.record.source_is_low = true;
    expect_same_again(flow);
}

TEST(ObservedParse, what_is_no_flow_says_why) {
    const auto error = [](std::string_view line) {
        const auto parsed = parse_observed(line);
        return parsed ? std::string("no error") : parsed.error().message;
    };
    EXPECT_EQ(error("{}"), "it is no flow: there is no \"schema\"");
    EXPECT_EQ(error(R"({"schema":"bulkhead.flow/2"})"), "its schema is bulkhead.flow/2 and not bulkhead.flow/1");
    EXPECT_EQ(error(R"({"schema":"bulkhead.flow/1"})"), "the flow has no address of its source");
    EXPECT_EQ(error(R"({"schema":"bulkhead.flow/1","source":{"ip":"10.0.0.1"},"destination":{"ip":"::1"}})"), "the flow has no protocol");
    EXPECT_EQ(error(R"({"schema":"bulkhead.flow/1","source":{"ip":"10.0.0.1"},"destination":{"ip":"::1"},"protocol":"tcp","time":"noon"})"),
              "the flow has no time");
    EXPECT_NE(error("{"), "no error");
    EXPECT_EQ(parse_observed(std::string(flow_line_bytes_max + 1, ' ')).error().code, Code::limit_exceeded);
}

TEST(ObservedParse, numbers_that_cannot_be_are_bounded) {
    const auto parsed = parse_observed(
        R"({"schema":"bulkhead.flow/1","time":"2026-11-22T12:00:00Z","source":{"ip":"10.0.0.1","port":99999},"destination":{"ip":"10.0.0.2","port":-1},)"
        R"("protocol":"tcp","packets":{"to_source":-5},"vni":99999999999,"tcp":{"rtt_us":9223372036854775807}})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->record.source_port(), 65535);
    EXPECT_EQ(parsed->record.destination_port(), 0);
    EXPECT_EQ(parsed->record.sent[1].packets, 0U);
    EXPECT_EQ(parsed->record.handshake_ns, -1);
}

}  // namespace
}  // namespace bulkhead::flow
