// SPDX-License-Identifier: Apache-2.0
#include "agent/roster.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "host/testing/netlink_bytes.h"
#include "world/testing/fake_reader.h"

namespace bulkhead::agent {
namespace {

using host::testing::attribute;
using host::testing::message;
using host::testing::raw;
using testing::HasSubstr;
using world::FakeReader;

const std::string id_a(64, 'a');
const std::string id_b(64, 'b');
const std::string id_c(64, 'c');

packet::Address address(const char* text) { return mapped_address(*IpAddress::parse(text)); }

std::string inspect(const std::string& id, const std::string& name, const std::string& labels, const std::string& networks, bool running = true) {
    return R"({"Id":")" + id + R"(","Name":"/)" + name + R"(","State":{"Running":)" + (running ? "true" : "false") +
           R"(,"StartedAt":"2026-01-02T03:04:05.5Z","Pid":7},"Config":{"Image":"shop:1","Labels":{)" + labels +
           R"(}},"HostConfig":{},"NetworkSettings":{"Networks":{)" + networks + "}}}";
}

std::string endpoint(const std::string& network, const std::string& id, const std::string& ip, const std::string& ip6 = "") {
    return "\"" + network + R"(":{"NetworkID":")" + id + R"(","IPAddress":")" + ip + R"(","GlobalIPv6Address":")" + ip6 + "\"}";
}

std::string host_address(const char* text) {
    ifaddrmsg header{};
    header.ifa_family = AF_INET;
    header.ifa_prefixlen = 24;
    in_addr binary{};
    inet_pton(AF_INET, text, &binary);
    return message(RTM_NEWADDR, raw(header) + attribute(IFA_LOCAL, raw(binary)) + attribute(IFA_ADDRESS, raw(binary)));
}

struct RosterTest : testing::Test {
    FakeReader reader;

    RosterTest() {
        reader.set("engine:/info",
                   R"({"ID":"i","Name":"alpha","ServerVersion":"20.10.24","Swarm":{"NodeAddr":"10.9.0.1","LocalNodeState":"active","ControlAvailable":true}})");
        reader.set("engine:/containers/json?all=1",
                   R"([{"Id":")" + id_a + R"(","Names":["/web"]},{"Id":")" + id_b + R"(","Names":["/shop_api"]},{"Id":")" + id_c + R"(","Names":["/gone"]}])");
        reader.set("engine:/containers/" + id_a + "/json",
                   inspect(id_a, "web", R"("com.docker.compose.project":"shop","com.docker.compose.service":"front","tier":"1")",
                           endpoint("front", "n1", "172.18.0.2", "fd00::2")));
        reader.set("engine:/containers/" + id_b + "/json",
                   inspect(id_b, "shop_api.1.xyz",
                           R"("com.docker.swarm.service.name":"shop_api","com.docker.stack.namespace":"shop","com.docker.swarm.task.name":"shop_api.1.xyz")",
                           endpoint("ov", "n2", "10.50.0.3")));
        reader.set("engine:/containers/" + id_c + "/json", inspect(id_c, "gone", "", endpoint("front", "n1", ""), false));
        reader.set("engine:/networks", R"([{"Id":"n1","Name":"front","Driver":"bridge"},{"Id":"n2","Name":"ov","Driver":"overlay"},)"
                                       R"({"Id":"n3","Name":"docker_gwbridge","Driver":"bridge"}])");
        reader.set("engine:/networks/n1",
                   R"({"Id":"n1","Name":"front","Driver":"bridge","IPAM":{"Config":[{"Subnet":"172.18.0.0/16","Gateway":"172.18.0.1"}]},)"
                   R"("Containers":{")" +
                       id_a + R"(":{"Name":"web","IPv4Address":"172.18.0.2/16"}}})");
        reader.set(
            "engine:/networks/n2?verbose=true",
            R"({"Id":"n2","Name":"ov","Driver":"overlay","IPAM":{"Config":[{"Subnet":"10.50.0.0/24"}]},)"
            R"("Labels":{"com.docker.stack.namespace":"shop"},"Options":{"com.docker.network.driver.overlay.vxlanid_list":"4097","encrypted":""},"Peers":[{"Name":"x","IP":"10.9.0.1"},{"Name":"y","IP":"10.9.0.2"}],)"
            R"("Containers":{"lb-ov":{"Name":"ov-endpoint","IPv4Address":"10.50.0.4/24"}},)"
            R"("Services":{"shop_api":{"VIP":"10.50.0.2","Tasks":[{"Name":"shop_api.1.xyz","EndpointIP":"10.50.0.3","Info":{"Host IP":"10.9.0.1"}},)"
            R"({"Name":"shop_api.2.abc","EndpointIP":"10.50.0.9","Info":{"Host IP":"10.9.0.2"}}]},)"
            R"("pay_ledger":{"VIP":"","Tasks":[{"Name":"pay_ledger.1.x","EndpointIP":"10.50.0.7","Info":{"Host IP":"10.9.0.2"}}]},)"
            R"("shop_far":{"VIP":"","Tasks":[{"Name":"shop_far.1.x","EndpointIP":"10.50.0.6","Info":{"Host IP":"10.9.0.2"}}]},)"
            R"("":{"VIP":"<nil>","Tasks":[{"Name":"lone","EndpointIP":"10.50.0.8","Info":{"Host IP":"10.9.0.2"}}]}}})");
        reader.set("engine:/networks/n3",
                   R"({"Id":"n3","Name":"docker_gwbridge","Driver":"bridge","IPAM":{"Config":[{"Subnet":"172.19.0.0/16","Gateway":"172.19.0.1"}]},)"
                   R"("Containers":{")" +
                       id_b + R"(":{"Name":"gateway_x","IPv4Address":"172.19.0.3/16"}}})");
        reader.set("engine:/nodes", R"([{"ID":"1","Description":{"Hostname":"alpha"},"Status":{"State":"ready","Addr":"10.9.0.1"}},)"
                                    R"({"ID":"2","Description":{"Hostname":"beta"},"Status":{"State":"ready","Addr":"10.9.0.2"}}])");
        reader.set("engine:/swarm", R"({"ID":"s"})");
        reader.set("engine:/services?status=true",
                   R"([{"ID":"v1","Spec":{"Name":"pay_ledger","Labels":{"com.docker.stack.namespace":"pay"},"TaskTemplate":{}}}])");
        reader.set("engine_process:", R"({"pid":100,"how":"peer"})");
        reader.set("netlink:address@netns:100", host_address("192.0.2.10"));
    }
    Named named() {
        world::World world(reader, 2);
        return identities_of(world);
    }
};

TEST_F(RosterTest, container_is_named_with_image_project_service_network_and_labels) {
    const auto all = named();
    for (const char* ip : {"172.18.0.2", "fd00::2"}) {
        const auto web = all.identities->at(address(ip), 0);
        EXPECT_EQ(web->who, flow::Who::container);
        EXPECT_EQ(web->container_id, id_a);
        EXPECT_EQ(web->container, "web");
        EXPECT_EQ(web->image, "shop:1");
        EXPECT_EQ(web->group(), "shop/front");
        EXPECT_EQ(web->network, "front");
        EXPECT_EQ(web->node, "alpha");
        EXPECT_EQ(web->labels.size(), 3u);
    }
    EXPECT_TRUE(all.problems.empty()) << all.problems.front();
}

TEST_F(RosterTest, swarm_service_is_called_without_its_stack_and_has_its_task) {
    const auto all = named();
    const auto api = all.identities->at(address("10.50.0.3"), 0);
    EXPECT_EQ(api->who, flow::Who::container);
    EXPECT_EQ(api->group(), "shop/api");
    EXPECT_EQ(api->task, "shop_api.1.xyz");
}

TEST_F(RosterTest, virtual_address_other_nodes_tasks_and_containers_are_known_by_the_networks_verbose_answer) {
    const auto all = named();
    const auto vip = all.identities->at(address("10.50.0.2"), 0);
    EXPECT_EQ(vip->who, flow::Who::service);
    EXPECT_EQ(vip->group(), "shop/api");
    const auto task = all.identities->at(address("10.50.0.9"), 0);
    EXPECT_EQ(task->who, flow::Who::peer);
    EXPECT_EQ(task->group(), "shop/api");
    EXPECT_EQ(task->node, "beta");
    EXPECT_EQ(task->network, "ov");
    const auto lone = all.identities->at(address("10.50.0.8"), 0);
    EXPECT_EQ(lone->container, "lone");
    // By a manager's list, and by the network's own stack.
    EXPECT_EQ(all.identities->at(address("10.50.0.7"), 0)->group(), "pay/ledger");
    EXPECT_EQ(all.identities->at(address("10.50.0.6"), 0)->group(), "shop/far");
    EXPECT_EQ(lone->who, flow::Who::peer);
}

TEST_F(RosterTest, endpoint_that_only_the_network_tells_of_is_its_containers) {
    const auto all = named();
    const auto outward = all.identities->at(address("172.19.0.3"), 0);
    EXPECT_EQ(outward->container_id, id_b);
    EXPECT_EQ(outward->network, "docker_gwbridge");
    EXPECT_EQ(all.identities->at(address("10.50.0.4"), 0)->who, flow::Who::gateway);
}

TEST_F(RosterTest, gateway_host_and_nodes_are_known) {
    const auto all = named();
    EXPECT_EQ(all.identities->at(address("172.18.0.1"), 0)->who, flow::Who::gateway);
    EXPECT_EQ(all.identities->at(address("172.18.0.1"), 0)->group(), "gateway of front");
    EXPECT_EQ(all.identities->at(address("192.0.2.10"), 0)->who, flow::Who::host);
    EXPECT_EQ(all.identities->at(address("10.9.0.1"), 0)->who, flow::Who::host);
    EXPECT_EQ(all.identities->at(address("10.9.0.2"), 0)->group(), "node beta");
    EXPECT_EQ(all.identities->network_of_vni(4097)->name, "ov");
    EXPECT_EQ(all.identities->network_of_vni(4097)->encrypted, true);
}

TEST_F(RosterTest, what_could_not_be_read_is_told) {
    reader.set_outcome("netlink:address@netns:100", world::Outcome::denied, "no right");
    reader.set_outcome("engine:/networks", world::Outcome::failed, "cut");
    const auto all = named();
    EXPECT_THAT(all.problems, testing::Contains(HasSubstr("no right")));
    EXPECT_THAT(all.problems, testing::Contains(HasSubstr("cut")));
    EXPECT_EQ(all.identities->at(address("172.18.0.2"), 0)->container, "web");
}

TEST_F(RosterTest, container_that_does_not_run_holds_nothing_and_one_that_runs_does_since_its_start) {
    const auto stopped = engine::parse_container(inspect(id_c, "gone", "", endpoint("front", "n1", "172.18.0.7"), false));
    EXPECT_TRUE(holding_of(*stopped, {}, "alpha").addresses.empty());
    const auto running = engine::parse_container(inspect(id_c, "gone", "", endpoint("front", "", "172.18.0.7")));
    const auto holding = holding_of(*running, {{"n1", "front", "bridge", {}, {}, "", {}}}, "alpha");
    ASSERT_EQ(holding.addresses.size(), 1u);
    EXPECT_EQ(holding.addresses[0].network_id, "n1");
    EXPECT_EQ(holding.from_ns, 1'767'323'045'500'000'000);
}

}  // namespace
}  // namespace bulkhead::agent
