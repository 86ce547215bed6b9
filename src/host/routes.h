// SPDX-License-Identifier: Apache-2.0
// Routes and routing rules of a network namespace from rtnetlink dumps (rtnetlink(7), linux/fib_rules.h). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"

namespace bulkhead::host {

// One way out: a route with several next hops is several of these.
struct Route {
    std::string family;
    std::string destination;  // "172.17.0.0/16"; "0.0.0.0/0" and "::/0" for the default
    std::string gateway;      // empty where the destination is on the link
    std::optional<std::int64_t> interface_index;
    std::int64_t table = 0;  // 254 main, 255 local
    std::string protocol;    // kernel, boot, static, ra, dhcp, or a number
    std::string scope;
    std::string type;  // unicast, local, broadcast, blackhole, unreachable, prohibit, ...
    std::optional<std::int64_t> metric;
    std::string preferred_source;
};

struct RoutingRule {
    std::string family;
    std::int64_t priority = 0;
    std::int64_t table = 0;
    std::string source, destination;  // prefixes; empty: any
    std::optional<std::int64_t> mark;
};

Result<std::vector<Route>> parse_routes(std::string_view dump);
Result<std::vector<RoutingRule>> parse_routing_rules(std::string_view dump);

}  // namespace bulkhead::host
