// SPDX-License-Identifier: Apache-2.0
#include "agent/live_roster.h"

#include <gmock/gmock.h>

#include "world/testing/fake_reader.h"

namespace bulkhead::agent {
namespace {

constexpr std::int64_t second = 1'000'000'000;
const std::string id_a(64, 'a');
const std::string id_b(64, 'b');

packet::Address address(const char* text) { return mapped_address(*IpAddress::parse(text)); }

std::string inspect(const std::string& id, const std::string& name, const std::string& ip, bool running = true) {
    return R"({"Id":")" + id + R"(","Name":"/)" + name + R"(","State":{"Running":)" + (running ? "true" : "false") +
           R"(,"Pid":7},"Config":{"Image":"shop:1","Labels":{"tier":"1"}},"HostConfig":{},"NetworkSettings":{"Networks":{"front":{"NetworkID":"n1","IPAddress":")" +
           ip + R"("}}}})";
}

engine::Event event(const std::string& type, const std::string& action, const std::string& id, std::int64_t at_s, engine::TextMap attributes = {}) {
    return {.type = type, .action = action, .actor_id = id, .attributes = std::move(attributes), .scope = "local", .time = at_s, .time_nano = at_s * second};
}

struct LiveRosterTest : testing::Test {
    world::FakeReader reader;
    Identities identities;
    std::vector<Life> lives;
    LiveRoster roster{reader, identities, [this](const Life& life) { lives.push_back(life); }};

    LiveRosterTest() {
        reader.set("engine:/info", R"({"Name":"alpha","ServerVersion":"20.10.24","Swarm":{"LocalNodeState":"inactive"}})");
        reader.set("engine:/containers/json?all=1", "[]");
        reader.set("engine:/networks", R"([{"Id":"n1","Name":"front","Driver":"bridge"}])");
        put_network("");
        reader.set_outcome("engine_process:", world::Outcome::failed, "elsewhere");
    }
    void put_network(const std::string& endpoints) {
        reader.set("engine:/networks/n1",
                   R"({"Id":"n1","Name":"front","Driver":"bridge","IPAM":{"Config":[{"Subnet":"172.18.0.0/16","Gateway":"172.18.0.1"}]},)"
                   R"("Containers":{)" +
                       endpoints + "}}");
    }
    void run(const std::string& id, const std::string& name, const std::string& ip, std::int64_t at_s) {
        reader.set("engine:/containers/" + id + "/json", inspect(id, name, ip));
        put_network("\"" + id + R"(":{"Name":")" + name + R"(","IPv4Address":")" + ip + "/16\"}");
        roster.apply(event("container", "create", id, at_s, {{"name", name}, {"image", "shop:1"}, {"tier", "1"}}));
        roster.apply(event("network", "connect", "n1", at_s, {{"container", id}, {"name", "front"}}));
        roster.apply(event("container", "start", id, at_s + 1, {{"name", name}, {"image", "shop:1"}, {"tier", "1"}}));
    }
    void die(const std::string& id, std::int64_t at_s) { roster.apply(event("container", "die", id, at_s, {{"exitCode", "3"}})); }
};

TEST_F(LiveRosterTest, container_is_named_from_its_connect_to_its_end_and_the_next_one_with_its_address_after_it) {
    roster.read_all(100 * second);
    run(id_a, "first", "172.18.0.2", 200);
    die(id_a, 300);
    run(id_b, "second", "172.18.0.2", 310);
    EXPECT_EQ(identities.at(address("172.18.0.2"), 200 * second)->container, "first");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 299 * second)->container, "first");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 310 * second)->container, "second");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 310 * second)->labels.size(), 1u);
    ASSERT_EQ(lives.size(), 3u);
    EXPECT_EQ(lives[0].what, Life::What::born);
    EXPECT_THAT(lives[0].inspect, testing::HasSubstr("shop:1"));
    EXPECT_EQ(lives[1].what, Life::What::died);
    EXPECT_EQ(lives[1].exit_code, 3);
    EXPECT_EQ(lives[1].identity.container, "first");
}

TEST_F(LiveRosterTest, container_that_ended_before_it_could_be_inspected_has_its_name_by_events_alone) {
    roster.read_all(100 * second);
    put_network("\"" + id_a + R"(":{"Name":"brief","IPv4Address":"172.18.0.5/16"})");
    reader.set_outcome("engine:/containers/" + id_a + "/json", world::Outcome::absent);
    roster.apply(event("container", "create", id_a, 200,
                       {{"name", "brief"}, {"image", "shop:1"}, {"com.docker.compose.project", "shop"}, {"com.docker.compose.service", "job"}}));
    roster.apply(event("network", "connect", "n1", 200, {{"container", id_a}}));
    roster.apply(event("container", "start", id_a, 201));
    die(id_a, 202);
    const auto brief = identities.at(address("172.18.0.5"), 201 * second);
    EXPECT_EQ(brief->container, "brief");
    EXPECT_EQ(brief->image, "shop:1");
    EXPECT_EQ(brief->group(), "shop/job");
    EXPECT_EQ(brief->network, "front");
}

TEST_F(LiveRosterTest, inspect_of_one_that_has_ended_meanwhile_does_not_take_its_address_away) {
    roster.read_all(100 * second);
    run(id_a, "brief", "172.18.0.5", 200);
    reader.set("engine:/containers/" + id_a + "/json", inspect(id_a, "brief", "", false));
    roster.apply(event("container", "start", id_a, 201));
    EXPECT_EQ(identities.at(address("172.18.0.5"), 250 * second)->container, "brief");
}

TEST_F(LiveRosterTest, what_ran_before_anybody_looked_is_born_once_as_of_its_start) {
    reader.set("engine:/containers/json?all=1", R"([{"Id":")" + id_a + R"(","Names":["/web"]}])");
    reader.set("engine:/containers/" + id_a + "/json", inspect(id_a, "web", "172.18.0.2"));
    roster.read_all(100 * second);
    roster.read_all(200 * second);
    ASSERT_EQ(lives.size(), 1u);
    EXPECT_EQ(lives[0].what, Life::What::born);
    EXPECT_EQ(lives[0].identity.container, "web");
    EXPECT_FALSE(lives[0].inspect.empty());
}

TEST_F(LiveRosterTest, rename_disconnect_and_a_new_network_are_followed) {
    roster.read_all(100 * second);
    run(id_a, "web", "172.18.0.2", 200);
    roster.apply(event("container", "rename", id_a, 250, {{"name", "shop"}, {"oldName", "/web"}, {"image", "shop:1"}}));
    EXPECT_EQ(identities.at(address("172.18.0.2"), 249 * second)->container, "web");
    EXPECT_EQ(identities.at(address("172.18.0.2"), 251 * second)->container, "shop");
    roster.apply(event("network", "disconnect", "n1", 300, {{"container", id_a}}));
    EXPECT_EQ(identities.at(address("172.18.0.2"), 400 * second)->who, flow::Who::unknown);
    reader.set("engine:/networks/n9", R"({"Id":"n9","Name":"late","Driver":"bridge","IPAM":{"Config":[{"Subnet":"172.30.0.0/16","Gateway":"172.30.0.1"}]}})");
    EXPECT_EQ(identities.at(address("172.30.0.9"), 400 * second)->who, flow::Who::external);
    EXPECT_EQ(roster.apply(event("network", "create", "n9", 400, {{"name", "late"}})), LiveRoster::Then::look_at_namespaces);
    EXPECT_EQ(identities.at(address("172.30.0.9"), 401 * second)->network, "late");
    EXPECT_EQ(identities.at(address("172.30.0.1"), 401 * second)->who, flow::Who::gateway);
}

TEST_F(LiveRosterTest, reading_that_failed_ends_nobody) {
    roster.read_all(100 * second);
    run(id_a, "web", "172.18.0.2", 200);
    reader.set_outcome("engine:/containers/json?all=1", world::Outcome::failed, "cut");
    roster.read_all(300 * second);
    EXPECT_FALSE(roster.problems().empty());
    EXPECT_EQ(identities.at(address("172.18.0.2"), 500 * second)->container, "web");
    reader.set("engine:/containers/json?all=1", "[]");
    put_network("");
    roster.read_all(600 * second);
    EXPECT_NE(identities.at(address("172.18.0.2"), 700 * second)->container, "web");
}

TEST_F(LiveRosterTest, ids_that_are_none_are_never_asked_for) {
    roster.read_all(100 * second);
    const std::size_t asked = reader.asked().size();
    roster.apply(event("container", "start", "../x", 1));
    roster.apply(event("network", "connect", "a?b", 1));
    EXPECT_EQ(reader.asked().size(), asked);
    EXPECT_EQ(roster.apply(event("service", "update", "s", 1)), LiveRoster::Then::read_all);
}

}  // namespace
}  // namespace bulkhead::agent
