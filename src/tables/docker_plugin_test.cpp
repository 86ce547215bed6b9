// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tables/catalog.h"
#include "tables/facts.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::tables {

Table docker_plugin();

namespace {

struct Asked {
    std::vector<std::string> names;
    std::vector<Cell> enabled;
    std::vector<Cell> capabilities;
    std::vector<SourceFailure> failures;
};

Asked ask(world::FakeReader& reader) {
    world::World world(reader, 1);
    Facts facts(world);
    Scan scan(facts, {});
    const RowSet rows = docker_plugin().rows(scan);
    Asked asked{{}, {}, {}, scan.failures()};
    for (std::size_t i = 0; i < rows.size; ++i) {
        asked.names.push_back(std::get<std::string>(rows.at(i, 1)));
        asked.enabled.push_back(rows.at(i, 2));
        asked.capabilities.push_back(rows.at(i, 5));
    }
    return asked;
}

TEST(docker_plugin, tells_name_state_and_what_it_can_be) {
    world::FakeReader reader;
    reader.set("engine:/plugins",
               R"([{"Id":"p1","Name":"weaveworks/net-plugin:latest","Enabled":true,"PluginReference":"docker.io/weaveworks/net-plugin:latest",
        "Config":{"Description":"Weave","Interface":{"Types":["docker.networkdriver/1.0"],"Socket":"weave.sock"}}},
        {"Id":"p2","Name":"vieux/sshfs:latest","Enabled":false,"Config":{"Interface":{"Types":[{"Prefix":"docker","Capability":"volumedriver","Version":"1.0"}]}}}])");
    const Asked asked = ask(reader);
    EXPECT_TRUE(asked.failures.empty());
    EXPECT_EQ(asked.names, (std::vector<std::string>{"weaveworks/net-plugin:latest", "vieux/sshfs:latest"}));
    EXPECT_EQ(asked.enabled, (std::vector<Cell>{std::int64_t{1}, std::int64_t{0}}));
    EXPECT_EQ(asked.capabilities, (std::vector<Cell>{std::string(R"(["networkdriver"])"), std::string(R"(["volumedriver"])")}));
}

TEST(docker_plugin, an_answer_that_is_no_list_is_a_failure_and_no_empty_table) {
    for (const char* answer : {"{}", "[", "null", "\xff"}) {
        world::FakeReader reader;
        reader.set("engine:/plugins", answer);
        const Asked asked = ask(reader);
        EXPECT_EQ(asked.failures.size(), 1U) << answer;
        EXPECT_TRUE(asked.names.empty()) << answer;
    }
}

TEST(docker_plugin, an_engine_that_denies_is_a_failure) {
    world::FakeReader reader;
    reader.set_outcome("engine:/plugins", world::Outcome::denied);
    EXPECT_EQ(ask(reader).failures.size(), 1U);
}

}  // namespace
}  // namespace bulkhead::tables
