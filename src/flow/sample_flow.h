// SPDX-License-Identifier: Apache-2.0
// A flow for tests: shop/web asks shop/db, that is PostgreSQL, at noon.
#pragma once

#include "flow/observed.h"

namespace bulkhead::flow {

inline packet::Address sample_address(std::uint8_t last) { return mapped({10, 0, 0, last}, true); }

inline Identity sample_identity(std::string service, std::string image) {
    return {.who = Who::container,
            .container_id = service + "0123456789abcdef",
            .container = "shop-" + service + "-1",
            .image = std::move(image),
            .project = "shop",
            .service = service,
            .task = {},
            .network = "shop_back",
            .node = "n1",
            .labels = {{"com.docker.compose.project", "shop"}, {"tier", service}}};
}

inline Observed sample_flow() {
    Observed flow;
    Record& record = flow.record;
    record.key = {sample_address(1), sample_address(2), 5432, 40000, packet::protocol::tcp};
    record.source_is_low = false;
    record.source_certain = true;
    record.first_ns = 1'795'348'800'123'000'000;  // 2026-11-22T12:00:00.123Z
    record.last_ns = record.first_ns + 2'000'000'000;
    record.sent[0] = {.packets = 6, .bytes = 424, .payload_bytes = 100, .tcp_flags = 0x1b};
    record.sent[1] = {.packets = 4, .bytes = 120'000, .payload_bytes = 119'000, .tcp_flags = 0x12};
    record.handshake_ns = 1'234'000;
    record.closed_by = Side::source;
    record.end = flow::End::closed;
    flow.source.identity = std::make_shared<Identity>(sample_identity("web", "registry:5000/team/web:1.2"));
    flow.source.process = std::make_shared<Process>(Process{.pid = 77, .exe = "/usr/bin/web", .name = "web", .uid = 0});
    flow.destination.identity = std::make_shared<Identity>(sample_identity("db", "postgres:16"));
    flow.destination.names = {"db.shop.internal"};
    auto l7 = std::make_shared<L7>();
    l7->name = "postgresql";
    l7->user = "shop";
    flow.l7 = l7;
    flow.network = "shop_back";
    flow.node = "n1";
    return flow;
}

inline Observed sample_http_flow() {
    Observed flow = sample_flow();
    auto l7 = std::make_shared<L7>();
    l7->name = "http";
    l7->http = {{.time_ns = flow.record.first_ns, .method = "GET", .host = "shop.example", .path = "/cart", .version = "1.1", .status = 200},
                {.time_ns = flow.record.first_ns, .method = "POST", .host = "shop.example", .path = "/order/7", .version = "1.1", .status = 503}};
    flow.l7 = l7;
    return flow;
}

}  // namespace bulkhead::flow
