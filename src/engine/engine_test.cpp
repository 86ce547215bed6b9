// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "world/testing/fake_reader.h"

namespace bulkhead::engine {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using world::FakeReader;
using world::Outcome;

const std::string id_a(64, 'a');
const std::string id_b(64, 'b');

std::string summary(const std::string& id, const std::string& name) { return fmt::format(R"({{"Id":"{}","Names":["/{}"],"State":"running"}})", id, name); }
std::string inspect(const std::string& id, const std::string& name) {
    return fmt::format(R"({{"Id":"{}","Name":"/{}","State":{{"Running":true,"Pid":7}},"Config":{{}},"HostConfig":{{}},"ExecIDs":null}})", id, name);
}

struct EngineTest : testing::Test {
    FakeReader reader;
    world::World world{reader, 2};
    Engine engine{world};

    void two_containers() {
        reader.set("engine:/containers/json?all=1", "[" + summary(id_a, "one") + "," + summary(id_b, "two") + "]");
        reader.set("engine:/containers/" + id_a + "/json", inspect(id_a, "one"));
        reader.set("engine:/containers/" + id_b + "/json", inspect(id_b, "two"));
    }
};

TEST_F(EngineTest, containers_are_listed_then_inspected_with_their_readings) {
    two_containers();
    const auto& listing = engine.containers();
    ASSERT_EQ(listing.items.size(), 2u);
    EXPECT_EQ(listing.items[1].name, "two");
    EXPECT_EQ(listing.items[1].pid, 7);
    EXPECT_EQ(listing.items[1].locator(), "engine:/containers/" + id_b + "/json");
    EXPECT_TRUE(listing.problems.empty());
    EXPECT_EQ(&engine.containers(), &listing);
    EXPECT_EQ(reader.asked().size(), 3u);
}

TEST_F(EngineTest, container_gone_between_list_and_inspect_is_counted_and_no_problem) {
    two_containers();
    reader.set_outcome("engine:/containers/" + id_a + "/json", Outcome::absent);
    EXPECT_EQ(engine.containers().items.size(), 1u);
    EXPECT_EQ(engine.containers().vanished, 1u);
    EXPECT_TRUE(engine.containers().problems.empty());
}

TEST_F(EngineTest, container_that_cannot_be_inspected_is_a_problem_of_that_container) {
    two_containers();
    reader.set_outcome("engine:/containers/" + id_a + "/json", Outcome::failed, "cut");
    ASSERT_EQ(engine.containers().problems.size(), 1u);
    EXPECT_EQ(engine.containers().problems[0].container_id, id_a);
    EXPECT_EQ(engine.containers().problems[0].reason, "failed: cut");
    EXPECT_EQ(engine.containers().items.size(), 1u);
}

TEST_F(EngineTest, inspect_that_answers_about_another_container_is_a_problem) {
    two_containers();
    reader.set("engine:/containers/" + id_a + "/json", inspect(id_b, "two"));
    ASSERT_EQ(engine.containers().problems.size(), 1u);
    EXPECT_EQ(engine.containers().problems[0].container_id, id_a);
}

TEST_F(EngineTest, list_that_is_denied_absent_or_broken_is_a_problem_and_never_empty) {
    for (const auto outcome : {Outcome::denied, Outcome::failed, Outcome::absent}) {
        FakeReader broken;
        broken.set_outcome("engine:/containers/json?all=1", outcome);
        world::World its(broken, 1);
        EXPECT_EQ(Engine(its).containers().problems.size(), 1u);
    }
    for (const char* bytes : {"", "<html>", "{}", "[{}]", "[1]", "[{\"Id\":\"../x\"}]", "[{\"Id\":5}]", "[{\"Id\":\"a\"}", "\"\xFF\""}) {
        FakeReader broken;
        broken.set("engine:/containers/json?all=1", bytes);
        world::World its(broken, 1);
        EXPECT_EQ(Engine(its).containers().problems.size(), 1u) << bytes;
    }
}

TEST_F(EngineTest, one_container_by_id_is_inspected_alone) {
    two_containers();
    ASSERT_EQ(engine.container(id_a).items.size(), 1u);
    EXPECT_EQ(reader.asked(), std::vector<std::string>{"engine:/containers/" + id_a + "/json"});
}

TEST_F(EngineTest, one_container_by_name_inspects_no_other) {
    two_containers();
    ASSERT_EQ(engine.container("two").items.size(), 1u);
    EXPECT_EQ(engine.container("two").items[0].id, id_b);
    EXPECT_THAT(reader.asked(), Not(Contains("engine:/containers/" + id_a + "/json")));
}

TEST_F(EngineTest, unknown_container_is_proved_absent_by_the_list) {
    two_containers();
    const auto& nobody = engine.container("nobody");
    EXPECT_TRUE(nobody.items.empty());
    EXPECT_TRUE(nobody.problems.empty());
    const auto& unrecorded = engine.container(std::string(64, 'c'));  // a snapshot does not hold its inspect, but holds the list
    EXPECT_TRUE(unrecorded.items.empty());
    EXPECT_TRUE(unrecorded.problems.empty());
}

TEST_F(EngineTest, query_strings_cannot_be_made_from_a_wanted_id) {
    two_containers();
    engine.container("x?y=../../images/json");
    for (const auto& locator : reader.asked()) EXPECT_THAT(locator, Not(HasSubstr("images")));
}

TEST_F(EngineTest, networks_inspect_networks_and_no_container) {
    reader.set("engine:/networks", R"([{"Id":"n1","Name":"bridge","Driver":"bridge"},{"Id":"n2","Name":"ov","Driver":"overlay"}])");
    reader.set("engine:/networks/n1", R"({"Id":"n1","Name":"bridge","Driver":"bridge","Containers":{"c1":{"Name":"web","IPv4Address":"10.0.0.2/24"}}})");
    reader.set("engine:/networks/n2?verbose=true", R"({"Id":"n2","Name":"ov","Driver":"overlay"})");
    const auto& listing = engine.networks();
    ASSERT_EQ(listing.items.size(), 2u);
    ASSERT_EQ(listing.items[0].endpoints.size(), 1u);
    EXPECT_EQ(listing.items[0].endpoints[0].container_name, "web");
    for (const auto& locator : reader.asked()) EXPECT_THAT(locator, HasSubstr("/networks"));
    EXPECT_EQ(engine.network("bridge").items.size(), 1u);
    EXPECT_EQ(reader.asked().size(), 3u);
}

TEST_F(EngineTest, engine_outside_a_swarm_has_no_swarm_rows_and_is_not_asked_for_them) {
    reader.set("engine:/info", R"({"ServerVersion":"20.10.24","Swarm":{"LocalNodeState":"inactive"}})");
    EXPECT_TRUE(engine.services().items.empty());
    EXPECT_TRUE(engine.services().problems.empty());
    EXPECT_EQ(reader.asked(), std::vector<std::string>{"engine:/info"});
}

TEST_F(EngineTest, worker_locked_and_silent_engines_say_why_there_is_no_swarm_answer) {
    for (const auto& [swarm, words] : std::map<std::string, std::string>{
             {R"({"LocalNodeState":"active","ControlAvailable":false})", "worker"}, {R"({"LocalNodeState":"locked"})", "locked"}, {"{}", "does not say"}}) {
        FakeReader other;
        other.set("engine:/info", R"({"ServerVersion":"1","Swarm":)" + swarm + "}");
        world::World its(other, 1);
        Engine one(its);
        ASSERT_EQ(one.nodes().problems.size(), 1u);
        EXPECT_THAT(one.nodes().problems[0].reason, HasSubstr(words));
    }
}

TEST_F(EngineTest, swarm_rows_need_a_readable_info) { EXPECT_EQ(engine.secrets().problems.size(), 1u); }

TEST_F(EngineTest, manager_is_asked_for_services) {
    reader.set("engine:/info", R"({"ServerVersion":"1","Swarm":{"LocalNodeState":"active","ControlAvailable":true}})");
    reader.set("engine:/services?status=true",
               R"([{"ID":"s1","Spec":{"Name":"web","Labels":{"com.docker.stack.namespace":"shop"},"Mode":{"Replicated":{"Replicas":3}},
                 "TaskTemplate":{"ContainerSpec":{"Image":"i","Env":["A=1"],"Secrets":[{"SecretName":"db"}]},"Networks":[{"Target":"n1"}]}},
                 "Endpoint":{"Spec":{"Mode":"dnsrr"},"Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080,"PublishMode":"host"}]}}])");
    ASSERT_EQ(engine.services().items.size(), 1u);
    const Service& service = engine.services().items[0];
    EXPECT_EQ(service.endpoint_mode, "dnsrr");
    EXPECT_EQ(service.replicas, 3);
    EXPECT_EQ(service.networks, std::vector<std::string>{"n1"});
    EXPECT_EQ(service.env_names, std::vector<std::string>{"A"});
    ASSERT_EQ(service.ports.size(), 1u);
    EXPECT_EQ(service.ports[0].publish_mode, "host");
}

TEST_F(EngineTest, histories_are_read_per_image) {
    reader.set("engine:/images/json?all=0", R"([{"Id":"sha256:a"},{"Id":"sha256:b"}])");
    reader.set("engine:/images/sha256:a/history", R"([{"Id":"sha256:a","CreatedBy":"ADD x"}])");
    reader.set_outcome("engine:/images/sha256:b/history", Outcome::failed, "slow");
    ASSERT_EQ(engine.image_histories().items.size(), 1u);
    EXPECT_EQ(engine.image_histories().items[0].entries[0].created_by, "ADD x");
    EXPECT_EQ(engine.image_histories().problems.size(), 1u);
}

}  // namespace
}  // namespace bulkhead::engine
