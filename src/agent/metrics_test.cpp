// SPDX-License-Identifier: Apache-2.0
#include "agent/metrics.h"

#include <gmock/gmock.h>

#include "base/json.h"

namespace bulkhead::agent {
namespace {

using testing::HasSubstr;
using testing::Not;

ServiceStatus some() {
    ServiceStatus status{.version = "1", .started_ms = 5000, .now_ms = 6000};
    status.agent.node = "al\"pha\n";
    status.agent.meaning.told = 7;
    status.agent.conversations = 3;
    status.agent.datapath.flows_begun = 9;
    status.agent.interfaces.push_back({.id = 4, .name = "veth1", .index = 8, .netns_inode = 77});
    status.agent.interfaces.back().before_attachment.received.packets = 2;
    status.history.lost[0] = 6;
    return status;
}

TEST(Metrics, each_name_has_its_type_once_and_counters_end_in_total) {
    const std::string text = metrics_text(some());
    EXPECT_THAT(text, HasSubstr("# TYPE bulkhead_flows_told_total counter\nbulkhead_flows_told_total 7\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE bulkhead_conversations_now gauge\nbulkhead_conversations_now 3\n"));
    EXPECT_THAT(text, HasSubstr("bulkhead_datapath_flows_begun_total 9\n"));
    EXPECT_THAT(text, HasSubstr("bulkhead_history_lost_total{cause=\"queue_full\"} 6\n"));
    EXPECT_THAT(text, HasSubstr("bulkhead_interface_before_attachment_packets_total{interface=\"veth1\",netns=\"77\",id=\"4\"} 2\n"));
    std::map<std::string, int> types;
    for (std::size_t at = text.find("# TYPE "); at != std::string::npos; at = text.find("# TYPE ", at + 1)) ++types[text.substr(at, text.find('\n', at) - at)];
    for (const auto& [type, times] : types) EXPECT_EQ(times, 1) << type;
}

TEST(Metrics, values_of_labels_are_escaped) {
    EXPECT_THAT(metrics_text(some()), HasSubstr(R"(node="al\"pha\n")"));
    EXPECT_THAT(metrics_text(some()), Not(HasSubstr("pha\n\"")));
}

TEST(Metrics, status_is_one_json_object) {
    const auto document = json::Document::parse(status_json(some()));
    ASSERT_TRUE(document.has_value());
    EXPECT_EQ(document->root()["schema"].text_or(), "bulkhead.status/1");
    EXPECT_EQ(document->root()["counts"]["flows_told"].integer_or(0), 7);
    EXPECT_EQ(document->root()["history"]["lost_queue_full"].integer_or(0), 6);
    EXPECT_EQ(document->root()["interfaces"].items().at(0)["packets_before_attachment"].integer_or(0), 2);
    EXPECT_EQ(document->root()["node"].text_or(), "al\"pha\n");
}

}  // namespace
}  // namespace bulkhead::agent
