// SPDX-License-Identifier: Apache-2.0
#include "host/container_sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/fake_host.h"
#include "host/testing/netlink_bytes.h"

namespace bulkhead::host {
namespace {

using testing::container_a;
using testing::container_b;
using ::testing::IsEmpty;
using testing::socket_message;

const ContainerRef web{container_a, "web", 7};
const ContainerRef db{container_b, "db", 9};

void two_containers(world::FakeReader& reader, const std::string& net_a, const std::string& net_b) {
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a, .net = net_a},
                           {.pid = 9, .cgroup = "0::/docker/" + container_b, .name = "postgres", .net = net_b}});
    reader.set("socket_inodes:7", "4711\n").set("socket_inodes:9", "4712\n").set("socket_inodes:100", "99\n");
    for (const char* pid : {"7", "9", "100"})
        reader.set(std::string("netlink:sock_tcp@netns:") + pid, "").set(std::string("netlink:sock_udp@netns:") + pid, "");
}

TEST(ContainerSockets, a_listener_is_told_with_the_process_that_holds_it) {
    world::FakeReader reader;
    two_containers(reader, "net:[10]", "net:[11]");
    reader.set("netlink:sock_tcp@netns:7", socket_message({.local_port = 80, .inode = 4711}));
    world::World world(reader);
    Host host(world);
    const std::vector<ContainerRef> refs = {web, db};
    const auto found = container_sockets(host, refs);
    EXPECT_THAT(found.problems, IsEmpty());
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(found.items[0].container.name, "web");
    EXPECT_EQ(found.items[0].socket.local_port, 80);
    EXPECT_EQ(found.items[0].pid, 7);
    EXPECT_EQ(found.items[0].process_name, "httpd");
    EXPECT_EQ(found.items[0].exe, "/usr/bin/httpd");
    EXPECT_THAT(found.items[0].shared_with, IsEmpty());
}

TEST(ContainerSockets, a_shared_namespace_is_dumped_once_and_tells_the_holder) {
    world::FakeReader reader;
    two_containers(reader, "net:[10]", "net:[10]");
    reader.set("netlink:sock_tcp@netns:7", socket_message({.local_port = 5432, .inode = 4712}));
    world::World world(reader);
    Host host(world);
    const std::vector<ContainerRef> refs = {web, db};
    const auto found = container_sockets(host, refs);
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(found.items[0].container.name, "db");
    EXPECT_EQ(found.items[0].shared_with, std::vector<std::string>{"web"});
    EXPECT_THAT(reader.asked(), ::testing::Not(::testing::Contains("netlink:sock_tcp@netns:9")));
}

TEST(ContainerSockets, the_hosts_own_listeners_are_not_those_of_a_container_on_the_hosts_network) {
    world::FakeReader reader;
    two_containers(reader, "net:[1]", "net:[11]");  // the engine is in net:[1]
    reader.set("netlink:sock_tcp@netns:100", socket_message({.local_port = 22, .inode = 5}) + socket_message({.local_port = 80, .inode = 4711}));
    world::World world(reader);
    Host host(world);
    const auto found = container_sockets(host, {&web, 1});
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(found.items[0].socket.local_port, 80);
    EXPECT_EQ(found.items[0].shared_with, std::vector<std::string>{"host"});
}

TEST(ContainerSockets, the_engines_dns_server_in_a_container_is_named_as_the_engines) {
    world::FakeReader reader;
    two_containers(reader, "net:[10]", "net:[11]");
    reader.set("netlink:sock_udp@netns:7", socket_message({.state = 7, .local = "127.0.0.11", .local_port = 40053, .inode = 99}));
    world::World world(reader);
    Host host(world);
    const auto found = container_sockets(host, {&web, 1});
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(found.items[0].process_name, "dockerd");
    EXPECT_EQ(found.items[0].pid, 100);
}

TEST(ContainerSockets, a_dump_that_fails_is_a_problem_of_every_container_in_the_namespace) {
    world::FakeReader reader;
    two_containers(reader, "net:[10]", "net:[10]");
    reader.set_outcome("netlink:sock_tcp@netns:7", world::Outcome::denied, "Operation not permitted");
    world::World world(reader);
    Host host(world);
    const std::vector<ContainerRef> refs = {web, db};
    const auto found = container_sockets(host, refs);
    ASSERT_EQ(found.problems.size(), 2U);
    EXPECT_EQ(found.problems[0].container_id, container_a);
    EXPECT_EQ(found.problems[1].container_id, container_b);
}

TEST(ContainerSockets, descriptors_that_may_not_be_read_are_a_problem_of_the_container) {
    world::FakeReader reader;
    two_containers(reader, "net:[10]", "net:[11]");
    reader.set_outcome("socket_inodes:7", world::Outcome::denied, "Permission denied");
    world::World world(reader);
    Host host(world);
    const auto found = container_sockets(host, {&web, 1});
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_EQ(found.problems[0].container_id, container_a);
}

}  // namespace
}  // namespace bulkhead::host
