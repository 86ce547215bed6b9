// SPDX-License-Identifier: Apache-2.0
// The parsers of engine answers, on sound and on hostile bytes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/container.h"
#include "engine/event.h"
#include "engine/image.h"
#include "engine/info.h"
#include "engine/network.h"
#include "engine/swarm.h"
#include "engine/volume.h"

namespace bulkhead::engine {
namespace {

constexpr std::string_view container_json = R"({"Id":"c1","Name":"/web","Path":"sh","Args":["-c","x"],"Image":"sha256:i","AppArmorProfile":"p",
 "State":{"Status":"running","Running":true,"Pid":42,"StartedAt":"2026-11-22T12:30:52.7Z","Health":{"Status":"healthy"}},
 "ExecIDs":["e1","../bad"],
 "Config":{"User":"1000","Image":"shop/web:1","Env":["A=1=2","B"],"Labels":{"l":"v"},"ExposedPorts":{"80/tcp":{},"53/udp":{}},"Healthcheck":{"Test":["CMD-SHELL","true"]}},
 "HostConfig":{"Privileged":true,"ReadonlyRootfs":true,"PidsLimit":100,"CapAdd":["NET_RAW"],"SecurityOpt":["no-new-privileges"],"Memory":1024,
  "PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"},{"HostIp":"::1","HostPort":"8081"}]},"Tmpfs":{"/tmp":"ro,noexec"}},
 "Mounts":[{"Type":"bind","Source":"/var/run/docker.sock","Destination":"/s","RW":false}],
 "NetworkSettings":{"SandboxKey":"/k","Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}],"53/udp":null},
  "Networks":{"front":{"NetworkID":"n1","IPAddress":"10.0.0.2","IPPrefixLen":24,"Aliases":["web"]}}}})";

TEST(ParseContainer, reads_state_confinement_and_parts) {
    const auto container = parse_container(container_json);
    ASSERT_TRUE(container.has_value()) << container.error().message;
    EXPECT_EQ(container->name, "web");
    EXPECT_EQ(container->pid, 42);
    EXPECT_EQ(container->health, "healthy");
    EXPECT_TRUE(container->privileged);
    EXPECT_EQ(container->pids_limit, 100);
    ASSERT_EQ(container->env.size(), 2u);
    EXPECT_EQ(container->env[0].value, "1=2");
    EXPECT_FALSE(container->env[1].value.has_value());
    EXPECT_EQ(container->exec_ids, std::vector<std::string>{"e1"});
    ASSERT_EQ(container->mounts.size(), 2u);
    EXPECT_FALSE(container->mounts[0].rw);
    EXPECT_FALSE(container->mounts[1].rw);
    ASSERT_EQ(container->endpoints.size(), 1u);
    EXPECT_EQ(container->endpoints[0].ip_prefix_len, 24);
    EXPECT_EQ(container->healthcheck_command(), "/bin/sh -c true");
}

TEST(ParseContainer, tells_published_from_exposed_ports_in_both_layers) {
    const auto container = parse_container(container_json);
    ASSERT_TRUE(container.has_value());
    ASSERT_EQ(container->declared_ports.size(), 3u);
    EXPECT_EQ(container->declared_ports[1].host_ip, "::1");
    EXPECT_FALSE(container->declared_ports[2].published);
    EXPECT_EQ(container->declared_ports[2].protocol, "udp");
    ASSERT_EQ(container->configured_ports.size(), 2u);
    EXPECT_TRUE(container->configured_ports[0].published);
    EXPECT_FALSE(container->configured_ports[1].published);
}

TEST(ParseContainer, absent_fields_and_wrong_types_read_as_nothing) {
    const auto bare = parse_container(R"({"Id":"c","State":{},"Config":{},"HostConfig":{}})");
    ASSERT_TRUE(bare.has_value());
    EXPECT_FALSE(bare->pids_limit.has_value());
    EXPECT_TRUE(bare->healthcheck_command().empty());
    const auto wrong = parse_container(R"({"Id":"c","Name":[],"Args":{},"ExecIDs":7,"Mounts":"x","State":{"Running":"yes","Pid":"1"},
        "Config":{"Env":{"a":1},"Labels":[1],"ExposedPorts":[],"Healthcheck":[]},"HostConfig":{"Privileged":1,"CapAdd":[1,null],"PortBindings":{"x/y/z":[1]},"Tmpfs":[]},
        "NetworkSettings":{"Ports":5,"Networks":{"n":null}}})");
    ASSERT_TRUE(wrong.has_value());
    EXPECT_EQ(wrong->pid, 0);
    EXPECT_TRUE(wrong->cap_add.empty());
    ASSERT_EQ(wrong->endpoints.size(), 1u);
}

TEST(ParseContainer, refuses_what_has_no_identity_or_no_body) {
    for (const char* bytes :
         {"", "null", "[]", "{}", R"({"Id":""})", R"({"Id":"a/b","State":{},"Config":{},"HostConfig":{}})", R"({"Id":"c"})", R"({"Id":"c","State":{)"}) {
        const auto container = parse_container(bytes);
        ASSERT_FALSE(container.has_value()) << bytes;
        EXPECT_EQ(container.error().code, Code::corrupt);
    }
    EXPECT_FALSE(parse_container("{\"Id\":\"c\",\"Name\":\"\xFF\",\"State\":{},\"Config\":{},\"HostConfig\":{}}").has_value());
    EXPECT_FALSE(parse_container(std::string(2'000, '[')).has_value());
}

TEST(ParseContainer, answer_over_the_limit_is_refused_by_name) {
    const auto container = parse_container(std::string(object_bytes_max + 1, ' '));
    ASSERT_FALSE(container.has_value());
    EXPECT_EQ(container.error().code, Code::limit_exceeded);
}

TEST(ParseContainer, every_cut_of_an_answer_is_refused) {
    for (std::size_t length = 0; length < container_json.size(); ++length) EXPECT_FALSE(parse_container(container_json.substr(0, length)).has_value());
}

TEST(ParseList, more_items_than_the_limit_are_refused) {
    std::string bytes = "[";
    for (std::size_t i = 0; i <= items_max; ++i) bytes += R"({"Id":"a"},)";
    bytes.back() = ']';
    const auto list = parse_container_list(bytes);
    ASSERT_FALSE(list.has_value());
    EXPECT_EQ(list.error().code, Code::limit_exceeded);
    EXPECT_TRUE(parse_container_list("null")->empty());
}

TEST(ParseList, own_name_is_told_from_names_of_links) {
    const auto list = parse_container_list(R"([{"Id":"a","Names":["/cron/legacy","/shop-legacy-1"]}])");
    ASSERT_TRUE(list.has_value());
    EXPECT_EQ(list->front().name, "shop-legacy-1");
}

TEST(ParseNetwork, effective_settings_follow_the_drivers) {
    const auto bridge = parse_network(R"({"Id":"0123456789abcdef","Name":"b","Driver":"bridge","Options":{"com.docker.network.bridge.enable_icc":"false"}})");
    ASSERT_TRUE(bridge.has_value());
    EXPECT_EQ(bridge->bridge_name(), "br-0123456789ab");
    EXPECT_EQ(bridge->icc(), false);
    EXPECT_FALSE(bridge->is_default_bridge());
    EXPECT_FALSE(bridge->encrypted().has_value());
    const auto first = parse_network(
        R"({"Id":"x","Name":"bridge","Driver":"bridge","Options":{"com.docker.network.bridge.name":"docker0","com.docker.network.bridge.default_bridge":"true"}})");
    EXPECT_EQ(first->bridge_name(), "docker0");
    EXPECT_EQ(first->icc(), true);
    EXPECT_TRUE(first->is_default_bridge());
    const auto overlay =
        parse_network(R"({"Id":"x","Name":"o","Driver":"overlay","Options":{"encrypted":"","com.docker.network.driver.overlay.vxlanid_list":"4097"}})");
    EXPECT_EQ(overlay->encrypted(), true);
    EXPECT_EQ(overlay->vni(), "4097");
    EXPECT_FALSE(overlay->icc().has_value());
}

TEST(ParseEvents, one_object_a_line_and_a_cut_line_fails_the_whole) {
    const auto events = parse_events(
        "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"c\"},\"timeNano\":1795350657090756478}\n\n{\"status\":\"die\",\"id\":\"c\",\"time\":"
        "5}\n");
    ASSERT_TRUE(events.has_value());
    ASSERT_EQ(events->size(), 2u);
    EXPECT_EQ((*events)[0].time_ms(), 1795350657090);
    EXPECT_EQ((*events)[1].action, "die");
    EXPECT_EQ((*events)[1].time_ms(), 5000);
    EXPECT_TRUE(parse_events("")->empty());
    EXPECT_FALSE(parse_events("{\"Action\":\"start\"}\n{\"Act").has_value());
    EXPECT_FALSE(parse_events("{}\n").has_value());
}

TEST(ParseOthers, volumes_images_info_version_exec_and_swarm_refuse_other_shapes) {
    EXPECT_TRUE(parse_volume_list(R"({"Volumes":null})")->empty());
    EXPECT_EQ(parse_volume_list(R"({"Volumes":[{"Name":"v"}]})")->size(), 1u);
    EXPECT_FALSE(parse_volume_list("[]").has_value());
    EXPECT_FALSE(parse_volume_list(R"({"Volumes":[{}]})").has_value());
    EXPECT_TRUE(parse_image_list(R"([{"Id":"sha256:a","RepoTags":["<none>:<none>"],"Size":5}])")->front().repo_tags.empty());
    EXPECT_EQ(parse_image_list(R"([{"Id":"sha256:a","Size":5}])")->front().virtual_size, 5);
    EXPECT_FALSE(parse_info("{}").has_value());
    EXPECT_FALSE(parse_version(R"({"message":"no"})").has_value());
    const auto exec = parse_exec(R"({"ID":"e","Running":true,"ProcessConfig":{"entrypoint":"sh","arguments":["-c","x y"]}})");
    ASSERT_TRUE(exec.has_value());
    EXPECT_EQ(exec->command, "sh -c x y");
    EXPECT_FALSE(parse_swarm("[]").has_value());
    EXPECT_FALSE(parse_node_list("{}").has_value());
    EXPECT_FALSE(parse_task_list("[[]]").has_value());
}

}  // namespace
}  // namespace bulkhead::engine
