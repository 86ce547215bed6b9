// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/json.h"
#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table swarm_management_answer();

namespace {

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(BULKHEAD_SOURCE_DIR) + "/tests/fixtures/certificates/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string answer(const std::string& certificates) {
    return R"({"tls":{"version":"TLSv1.3","cipher":"X","certificates":[)" + certificates +
           R"(]},"asks_certificate":true,"alert":null,"end":"none","answer":"3120352031203633"})";
}

struct Asked {
    std::vector<std::string> addresses;
    std::vector<Cell> asked, proved, without_certificate, forged;
    std::vector<SourceFailure> failures;
};

Asked ask(world::FakeReader& reader, const std::string& managers, const std::string& state = "active") {
    reader.set("engine:/info", R"({"ID":"x","ServerVersion":"24.0.7","DockerRootDir":"/d","Swarm":{"NodeID":"n2","LocalNodeState":")" + state +
                                   R"(","ControlAvailable":false,"RemoteManagers":)" + managers + "}}");
    reader.set("engine_process:", R"({"pid":7})");
    reader.set("file:/d/swarm/certificates/swarm-root-ca.crt@root:7", fixture("root.crt"));
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {});
    const Table table = swarm_management_answer();
    const RowSet rows = table.rows(scan);
    const auto column = [&](const std::string& name) {
        return static_cast<std::size_t>(std::ranges::find(table.columns, name, &ColumnInfo::name) - table.columns.begin());
    };
    Asked out;
    out.failures = scan.failures();
    for (std::size_t i = 0; i < rows.size; ++i) {
        out.addresses.push_back(std::get<std::string>(rows.at(i, column("address"))));
        out.asked.push_back(rows.at(i, column("asked")));
        out.proved.push_back(rows.at(i, column("proved_by_root")));
        out.without_certificate.push_back(rows.at(i, column("without_certificate")));
        out.forged.push_back(rows.at(i, column("forged_certificate")));
    }
    return out;
}

const Cell yes{std::int64_t{1}};
const Cell no{std::int64_t{0}};
const std::string one = R"([{"NodeID":"n1","Addr":"192.0.2.10:2377"}])";
const std::string call = "banner:swarm:[192.0.2.10]:2377@netns:7";

TEST(SwarmManagementAnswer, each_manager_is_asked_in_the_engines_namespace) {
    world::FakeReader reader;
    reader.set(call, answer(json::quote(fixture("node.crt"))));
    const Asked asked = ask(reader, R"([{"NodeID":"n1","Addr":"192.0.2.10:2377"},{"NodeID":"n3","Addr":"[2001:db8::3]:2377"}])");
    EXPECT_TRUE(asked.failures.empty());
    EXPECT_EQ(asked.addresses, (std::vector<std::string>{"192.0.2.10", "2001:db8::3"}));
    EXPECT_EQ(asked.proved, (std::vector<Cell>{yes, Cell{}}));
    EXPECT_EQ(asked.without_certificate, (std::vector<Cell>{std::string("refused"), Cell{}}));
    EXPECT_EQ(asked.forged, (std::vector<Cell>{Cell{}, Cell{}})) << "nothing was told of it";
}

TEST(SwarmManagementAnswer, a_certificate_is_proved_by_keys_and_not_by_names) {
    world::FakeReader reader;
    reader.set(call, answer(json::quote(fixture("oldroot.crt"))));  // of the same name as the root of now
    EXPECT_EQ(ask(reader, one).proved, std::vector<Cell>{no});
    world::FakeReader appended;
    appended.set(call, answer(json::quote(fixture("ownroot.crt")) + "," + json::quote(fixture("root.crt"))));
    EXPECT_EQ(ask(appended, one).proved, std::vector<Cell>{no}) << "who shows the root beside his own is not signed by it";
    world::FakeReader none;
    none.set(call, answer(""));
    EXPECT_EQ(ask(none, one).proved, std::vector<Cell>{Cell{}});
}

TEST(SwarmManagementAnswer, without_the_wish_to_probe_the_rows_say_so_and_nothing_failed) {
    world::FakeReader reader;
    for (const char* question : {"swarm", "swarm_forged", "swarm_clear"})
        reader.set_outcome(std::string("banner:") + question + ":[192.0.2.10]:2377@netns:7", world::Outcome::failed, std::string(world::not_probed));
    const Asked asked = ask(reader, one);
    EXPECT_EQ(asked.asked, std::vector<Cell>{no});
    EXPECT_TRUE(asked.failures.empty());
}

TEST(SwarmManagementAnswer, addresses_that_are_none_are_a_failure_and_not_asked) {
    for (const char* address : {"", "manager.example:2377", "192.0.2.10", "192.0.2.10:0", "192.0.2.10:99999"}) {
        world::FakeReader reader;
        const Asked asked = ask(reader, R"([{"NodeID":"n1","Addr":")" + std::string(address) + "\"}]");
        EXPECT_TRUE(asked.addresses.empty()) << address;
        EXPECT_EQ(asked.failures.size(), 1U) << address;
    }
}

TEST(SwarmManagementAnswer, there_is_none_outside_of_a_swarm) {
    world::FakeReader reader;
    EXPECT_TRUE(ask(reader, "null", "inactive").addresses.empty());
}

}  // namespace
}  // namespace bulkhead::tables
