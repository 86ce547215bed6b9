// SPDX-License-Identifier: Apache-2.0
#include "flow/observed_text.h"

#include <gtest/gtest.h>

#include <set>

#include "base/json.h"
#include "flow/fields.h"
#include "flow/record_text.h"
#include "flow/sample_flow.h"

namespace bulkhead::flow {
namespace {

std::string json_of(const Observed& flow) {
    std::string out;
    append_json(out, flow);
    return out;
}

std::string compact_of(const Observed& flow, const TextStyle& style = {}, Moment moment = Moment::over) {
    std::string out;
    append_compact(out, flow, style, moment);
    return out;
}

TEST(ObservedText, json_is_the_record_with_its_meaning) {
    EXPECT_EQ(json_of(sample_flow()),
              R"({"schema":"bulkhead.flow/1","time":"2026-11-22T12:00:00.123Z","end_time":"2026-11-22T12:00:02.123Z","verdict":"allow",)"
              R"("source":{"kind":"container","container":"shop-web-1","container_id":"web0123456789abcdef","project":"shop","service":"web",)"
              R"("image":"registry:5000/team/web:1.2","network":"shop_back","host":"n1","ip":"10.0.0.2","port":40000,"process":"web","pid":77,)"
              R"("exe":"/usr/bin/web"},"destination":{"kind":"container","container":"shop-db-1","container_id":"db0123456789abcdef","project":"shop",)"
              R"("service":"db","image":"postgres:16","network":"shop_back","host":"n1","ip":"10.0.0.1","port":5432,"names":["db.shop.internal"]},)"
              R"("protocol":"tcp","l7":{"name":"postgresql","user":"shop"},"packets":{"to_destination":6,"to_source":4},)"
              R"("bytes":{"to_destination":424,"to_source":120000},"network":"shop_back","node":"n1",)"
              R"("tcp":{"flags":"FSPA/SA","rtt_us":1234,"retransmits":0,"resets":0,"zero_windows":0,"closed_by":"source","source_certain":true},)"
              R"("end":"closed"})");
}

TEST(ObservedText, without_identities_it_is_the_record_and_its_verdict) {
    Observed flow;
    flow.record = sample_flow().record;
    std::string plain;
    append_json(plain, flow.record);
    std::string with = json_of(flow);
    const std::string verdict = R"("verdict":"allow",)";
    with.erase(with.find(verdict), verdict.size());
    EXPECT_EQ(with, plain);
    plain.clear();
    append_compact(plain, flow.record);
    EXPECT_EQ(compact_of(flow), plain);
}

void collect(const json::Value& value, const std::string& prefix, std::set<std::string>& out) {
    for (const auto& [key, inner] : value.members()) {
        if (prefix.empty() && key == "l7") {
            out.insert("l7");
        } else if (inner.is_object()) {
            collect(inner, prefix + key + "_", out);
        } else {
            out.insert(prefix + key);
        }
    }
}

TEST(ObservedText, keys_of_the_json_joined_are_names_of_fields) {
    Observed flow = sample_flow();
    flow.encrypted = false;
    flow.loss = 3;
    flow.userland_proxy = true;
    flow.record.vlan = 7;
    flow.record.fragments = 1;
    flow.record.tunnelled = true;
    flow.record.key.network_and_protocol |= 4097U << 8;
    flow.source.translated = flow.destination.translated = Translated{sample_address(9), 80};
    flow.source.names = {"x"};
    flow.destination.process = flow.source.process;
    auto task = std::make_shared<Identity>(*flow.source.identity);
    task->task = "web.1.abc";
    flow.source.identity = flow.destination.identity = task;
    std::set<std::string> keys;
    const auto document = json::Document::parse(json_of(flow));
    ASSERT_TRUE(document);
    collect(document->root(), "", keys);
    keys.erase("schema");
    for (const Field& field : fields()) {
        const bool derived = field.name.ends_with("_group") || field.name.starts_with("l7_") || field.name.starts_with("http_") ||
                             field.name.starts_with("dns_") || field.name.starts_with("tls_") || field.name == "risks";
        if (derived) continue;
        EXPECT_EQ(keys.erase(std::string(field.name)), 1U) << field.name << " is no key of the JSON";
    }
    EXPECT_TRUE(keys.empty()) << *keys.begin() << " is no field";
}

TEST(ObservedText, compact_names_services_and_what_was_said) {
    EXPECT_EQ(compact_of(sample_flow()),
              "12:00:00.123 tcp shop/web:40000 -> shop/db:5432 postgresql shop@ 6/4 packets 424 B/120.0 kB rtt 1.2 ms closed by source");
    EXPECT_EQ(compact_of(sample_flow(), {}, Moment::begun), "12:00:00.123 tcp shop/web:40000 -> shop/db:5432 postgresql shop@ rtt 1.2 ms begins");
    EXPECT_EQ(compact_of(sample_flow(), {.color = false, .width = 0, .numeric = true}).substr(0, 51), "12:00:00.123 tcp 10.0.0.2:40000 -> 10.0.0.1:5432 po");
}

TEST(ObservedText, a_narrow_line_loses_what_matters_least) {
    EXPECT_EQ(compact_of(sample_flow(), {.width = 80}), "12:00:00.123 tcp shop/web:40000 -> shop/db:5432 postgresql shop@ closed");
    EXPECT_EQ(compact_of(sample_flow(), {.width = 100}), "12:00:00.123 tcp shop/web:40000 -> shop/db:5432 postgresql shop@ 6/4 packets 424 B/120.0 kB closed");
    EXPECT_EQ(compact_of(sample_flow(), {.width = 10}), "12:00:00.123 tcp shop/web:40000 -> shop/db:5432");
}

TEST(ObservedText, who_has_no_container_has_a_name_all_the_same) {
    Observed flow = sample_flow();
    const auto source_is = [&](Identity identity) {
        flow.source = {};
        flow.source.identity = std::make_shared<Identity>(std::move(identity));
        return end_name(flow, Side::source);
    };
    EXPECT_EQ(source_is({.who = Who::gateway, .network = "shop_back"}), "gateway(shop_back)");
    EXPECT_EQ(source_is({.who = Who::host}), "host");
    EXPECT_EQ(source_is({.who = Who::node, .node = "n2"}), "node(n2)");
    EXPECT_EQ(source_is({.who = Who::external}), "10.0.0.2");
    EXPECT_EQ(source_is({.who = Who::unknown}), "10.0.0.2");
    EXPECT_EQ(source_is({.who = Who::container, .container = "lonely"}), "lonely");
    EXPECT_EQ(source_is({.who = Who::peer, .project = "shop", .service = "web", .node = "n2"}), "shop/web");
    flow.source.names = {"api.example"};
    flow.source.identity = nullptr;
    EXPECT_EQ(end_with_port(flow, Side::source, false), "api.example:40000");
}

TEST(ObservedText, hostile_names_reach_no_terminal_and_break_no_json) {
    Observed flow = sample_flow();
    auto identity = std::make_shared<Identity>(*flow.source.identity);
    identity->service = "we\x1b[2Jb\"\n";
    identity->container = "\xff";
    flow.source.identity = identity;
    const auto has_control = [](std::string_view text) { return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }); };
    EXPECT_FALSE(has_control(compact_of(flow)));
    EXPECT_TRUE(json::Document::parse(json_of(flow)));
    EXPECT_FALSE(has_control(json_of(flow)));
    std::string dict, row;
    append_dict(dict, flow, {});
    EXPECT_EQ(dict.find('\x1b'), std::string::npos);
    FlowTableText({.width = 200}).append_row(row, flow, Moment::over);
    EXPECT_EQ(row.find('\x1b'), std::string::npos);
    EXPECT_EQ(std::ranges::count(row, '\n'), 1);
}

TEST(ObservedText, a_denied_flow_says_so) {
    Observed flow = sample_flow();
    flow.verdict = Verdict::deny;
    EXPECT_NE(compact_of(flow).find("5432 deny"), std::string::npos);
    EXPECT_NE(compact_of(flow, {.color = true}).find("\x1b[31mdeny\x1b[0m"), std::string::npos);
}

TEST(ObservedText, rows_of_a_table_are_as_wide_as_each_other) {
    for (const std::size_t width : {80U, 120U, 200U}) {
        const FlowTableText table({.width = width});
        std::string header, row;
        table.append_header(header);
        table.append_row(row, sample_flow(), Moment::over);
        EXPECT_LE(row.size(), width + 1) << width;
        EXPECT_EQ(header.find("DESTINATION"), row.find("shop/db")) << width;
    }
}

TEST(ObservedText, dict_has_a_line_for_each_field_that_is_known) {
    std::string out;
    append_dict(out, sample_flow(), {});
    EXPECT_NE(out.find("source_service: web\n"), std::string::npos);
    EXPECT_NE(out.find("tcp_source_certain: true\n"), std::string::npos);
    EXPECT_EQ(out.find("vni"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::flow
