// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/json.h"
#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/redact.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table swarm_certificate();

namespace {

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/certificates/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string info(const std::string& state, bool manager) {
    return R"({"ID":"x","ServerVersion":"24.0.7","DockerRootDir":"/d","Swarm":{"NodeID":"n1","LocalNodeState":")" + state + R"(","ControlAvailable":)" +
           (manager ? "true" : "false") + "}}";
}

struct Asked {
    std::vector<std::string> kinds;
    std::vector<std::string> locators;
    std::vector<SourceFailure> failures;
};

Asked ask(world::FakeReader& reader) {
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {});
    const RowSet rows = swarm_certificate().rows(scan);
    Asked asked{{}, {}, scan.failures()};
    for (std::size_t i = 0; i < rows.size; ++i) {
        asked.kinds.push_back(std::get<std::string>(rows.at(i, 0)));
        asked.locators.push_back(std::get<std::string>(rows.at(i, 14)));
    }
    return asked;
}

const std::string node_file = "file:/d/swarm/certificates/swarm-node.crt@root:7";
const std::string root_file = "file:/d/swarm/certificates/swarm-root-ca.crt@root:7";

TEST(SwarmCertificate, a_manager_tells_the_root_and_the_file_the_node) {
    world::FakeReader reader;
    reader.set("engine:/info", info("active", true));
    const auto swarm = world::redact("/swarm", R"({"ID":"s1","JoinTokens":{"Worker":"w"},"TLSInfo":{"TrustRoot":)" + json::quote(fixture("root.crt")) + "}}");
    ASSERT_TRUE(swarm);
    reader.set("engine:/swarm", *swarm);
    reader.set("engine_process:", R"({"pid":7})");
    reader.set(node_file, fixture("node.crt") + fixture("root.crt"));
    const Asked asked = ask(reader);
    EXPECT_TRUE(asked.failures.empty());
    EXPECT_EQ(asked.kinds, (std::vector<std::string>{"root", "node", "intermediate"}));
    EXPECT_EQ(asked.locators, (std::vector<std::string>{"engine:/swarm", node_file, node_file}));
}

TEST(SwarmCertificate, a_worker_has_both_as_files) {
    world::FakeReader reader;
    reader.set("engine:/info", info("active", false));
    reader.set("engine_process:", R"({"pid":7})");
    reader.set(node_file, fixture("node.crt"));
    reader.set(root_file, fixture("root.crt"));
    const Asked asked = ask(reader);
    EXPECT_TRUE(asked.failures.empty());
    EXPECT_EQ(asked.locators, (std::vector<std::string>{root_file, node_file}));
}

TEST(SwarmCertificate, a_file_that_is_missing_denied_or_broken_is_a_failure) {
    for (const auto outcome : {world::Outcome::absent, world::Outcome::denied, world::Outcome::present}) {
        world::FakeReader reader;
        reader.set("engine:/info", info("active", false));
        reader.set("engine_process:", R"({"pid":7})");
        reader.set(root_file, fixture("root.crt"));
        if (outcome == world::Outcome::present) reader.set(node_file, "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n");
        if (outcome != world::Outcome::present) reader.set_outcome(node_file, outcome);
        const Asked asked = ask(reader);
        ASSERT_EQ(asked.failures.size(), 1U);
        EXPECT_EQ(asked.failures[0].locator, node_file);
        EXPECT_EQ(asked.kinds, std::vector<std::string>{"root"});
    }
}

TEST(SwarmCertificate, without_a_swarm_nothing_is_read) {
    world::FakeReader reader;
    reader.set("engine:/info", info("inactive", false));
    const Asked asked = ask(reader);
    EXPECT_TRUE(asked.failures.empty());
    EXPECT_TRUE(asked.kinds.empty());
}

}  // namespace
}  // namespace bulkhead::tables
