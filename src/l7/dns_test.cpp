// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "l7/dns_message.h"
#include "l7/testing/talk.h"

namespace bulkhead::l7 {
namespace {

using testing::big;
using testing::hex;
using testing::Talk;

std::string header(int id, int flags, int questions, int answers) {
    return big(static_cast<std::uint64_t>(id), 2) + big(static_cast<std::uint64_t>(flags), 2) + big(static_cast<std::uint64_t>(questions), 2) +
           big(static_cast<std::uint64_t>(answers), 2) + hex("0000 0000");
}
const std::string name =
    "\x02"
    "DB\x08"
    "internal" +
    std::string(1, '\0');
std::string question(int id, int type = 1) { return header(id, 0x0100, 1, 0) + name + big(static_cast<std::uint64_t>(type), 2) + hex("0001"); }
std::string answer(int id, int rcode = 0) {
    if (rcode != 0) return header(id, 0x8180 | rcode, 1, 0) + name + hex("0001 0001");
    return header(id, 0x8180, 1, 2) + name + hex("0001 0001") + hex("c00c 0005 0001 0000003c 0006 03") + "www" + hex("c00f") +
           hex("c00c 0001 0001 00000014 0004 0a000007");
}

TEST(Dns, a_question_and_its_answer_are_one_exchange) {
    Talk talk(53, false);
    EXPECT_TRUE(talk.ask(question(7)));
    EXPECT_TRUE(talk.answer(answer(7)));
    EXPECT_EQ(talk.inspector.open(), 0U) << "nothing is outstanding, nothing is kept open";
    talk.ask(question(8, 28));
    const flow::L7 l7 = talk.end();
    EXPECT_EQ(l7.name, "dns");
    ASSERT_EQ(l7.dns.size(), 2U);
    EXPECT_EQ(l7.dns[0].name, "db.internal");
    EXPECT_EQ(l7.dns[0].type, 1);
    EXPECT_EQ(l7.dns[0].rcode, 0);
    EXPECT_EQ(l7.dns[0].answers, (std::vector<std::string>{"www.internal", "10.0.0.7"}));
    EXPECT_EQ(l7.dns[0].ttl, 20U);
    EXPECT_EQ(l7.dns[0].latency_ns, 1'000'000);
    EXPECT_EQ(l7.dns[1].type, 28);
    EXPECT_EQ(l7.dns[1].rcode, -1);
}

TEST(Dns, an_answer_to_something_else_answers_nothing) {
    Talk talk(53, false);
    talk.ask(question(7));
    talk.answer(answer(9, 3));
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.dns.size(), 2U);
    EXPECT_EQ(l7.dns[0].rcode, -1);
    EXPECT_EQ(l7.dns[1].rcode, 3);
}

TEST(Dns, over_tcp_messages_come_in_pieces_and_together) {
    Talk talk(53);
    const std::string first = big(question(1).size(), 2) + question(1), second = big(question(2).size(), 2) + question(2);
    talk.ask(first + second.substr(0, 5));
    talk.ask(second.substr(5));
    talk.answer(big(answer(2, 3).size(), 2) + answer(2, 3));
    const flow::L7 l7 = talk.end();
    ASSERT_EQ(l7.dns.size(), 2U);
    EXPECT_EQ(l7.dns[1].rcode, 3);
}

TEST(Dns, pointers_in_a_circle_or_forward_end_and_are_a_risk) {
    Talk talk(53, false);
    talk.ask(header(1, 0x0100, 1, 0) + hex("c00c 0001 0001"));
    EXPECT_EQ(talk.end().risks, (std::vector<std::string>{"dns_loop_pointer", "dns_malformed"}));
}

TEST(Dns, what_is_not_printable_in_a_name_is_written_by_its_number) {
    const auto message = parse_dns(span_of(header(1, 0, 1, 0) + std::string("\x03"
                                                                            "a\x1b.\0\0\x01\0\x01",
                                                                            9)),
                                   true);
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->name, "a\\027\\046");
}

TEST(DnsMessage, what_cannot_be_one_is_none) {
    EXPECT_FALSE(parse_dns(span_of(header(1, 0, 0, 0) + name + hex("0001 0001")), true).has_value()) << "no question";
    EXPECT_FALSE(parse_dns(span_of(header(1, 0x7800, 1, 0) + name + hex("0001 0001")), true).has_value()) << "no such operation";
    EXPECT_FALSE(parse_dns(span_of(header(1, 0, 1, 0) + name + hex("0001 0999")), true).has_value()) << "no such class";
    EXPECT_FALSE(parse_dns(span_of(header(1, 0, 1, 0) + std::string(60, '\x3f')), true).has_value()) << "a name without an end";
    EXPECT_FALSE(parse_dns({}, true).has_value());
    const std::string cut = answer(1).substr(0, answer(1).size() - 2);
    EXPECT_TRUE(parse_dns(span_of(cut), true)->malformed);
    EXPECT_FALSE(parse_dns(span_of(cut), false)->malformed) << "the capture cut it, not the sender";
}

}  // namespace
}  // namespace bulkhead::l7
