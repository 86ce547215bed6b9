// SPDX-License-Identifier: Apache-2.0
#include "agent/attribution.h"

#include <gtest/gtest.h>

namespace bulkhead::agent {
namespace {

packet::Address address(const char* text) { return mapped_address(*IpAddress::parse(text)); }

Claim claim(const char* ip, const std::string& network, flow::Who who, const std::string& name) {
    return {address(ip), network,
            std::make_shared<const flow::Identity>(flow::Identity{.who = who, .container_id = name, .container = name, .network = network})};
}

flow::Record record(const char* source, const char* destination) {
    flow::Record out;
    out.key.low = address(source);
    out.key.high = address(destination);
    out.first_ns = 1000;
    return out;
}

TEST(Attribution, ends_network_and_node_are_named_as_of_the_flows_beginning) {
    Identities identities;
    identities.put({"container:a", 0, {claim("10.0.0.2", "shop", flow::Who::container, "a")}, {}});
    identities.put({"container:b", 0, {claim("10.0.0.3", "shop", flow::Who::container, "b")}, {}});
    const auto seen = attribute(record("10.0.0.2", "10.0.0.3"), identities, {.source = {}, .destination = {}, .node = "alpha"});
    EXPECT_EQ(seen.source.identity->container, "a");
    EXPECT_EQ(seen.destination.identity->container, "b");
    EXPECT_EQ(seen.network, "shop");
    EXPECT_EQ(seen.node, "alpha");
    EXPECT_FALSE(seen.encrypted.has_value());
    const auto outward = attribute(record("10.0.0.2", "192.0.2.7"), identities);
    EXPECT_EQ(outward.destination.identity->who, flow::Who::external);
    EXPECT_EQ(outward.network, "shop");
}

TEST(Attribution, overlay_is_named_by_its_identifier_on_the_wire) {
    Identities identities;
    identities.put_networks({{"n2", "ov", "overlay", {}, {4097}, "", true}});
    flow::Record inner = record("10.0.0.2", "10.0.0.3");
    inner.tunnelled = true;
    inner.seen_clear = true;
    inner.key.network_and_protocol = 4097U << 8 | 6;
    const auto seen = attribute(inner, identities);
    EXPECT_EQ(seen.network, "ov");
    EXPECT_EQ(seen.encrypted, false);
}

}  // namespace
}  // namespace bulkhead::agent
