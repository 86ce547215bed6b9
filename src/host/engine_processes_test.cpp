// SPDX-License-Identifier: Apache-2.0
#include "host/engine_processes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/fake_host.h"

namespace bulkhead::host {
namespace {

using testing::container_a;

std::string with_nuls(std::string words) {
    for (char& c : words) c = c == ' ' ? '\0' : c;
    return words + '\0';
}

const std::string proxy = with_nuls("/usr/sbin/docker-proxy -proto tcp -host-ip :: -host-port 8081 -container-ip 172.30.2.4 -container-port 80");

std::vector<std::int64_t> pids(const Found<EngineProcess>& found) {
    std::vector<std::int64_t> out;
    for (const EngineProcess& process : found.items) out.push_back(process.pid);
    return out;
}

TEST(EngineProcesses, a_proxy_tells_what_it_forwards) {
    const auto arguments = parse_proxy_arguments({"/usr/sbin/docker-proxy", "-proto", "tcp", "-host-ip=::", "--host-port", "8081", "-container-ip",
                                                  "172.30.2.4", "-container-port", "80", "-use-listen-fd"});
    EXPECT_EQ(arguments.protocol, "tcp");
    EXPECT_EQ(arguments.host_ip, "::");
    EXPECT_EQ(arguments.host_port, 8081);
    EXPECT_EQ(arguments.container_ip, "172.30.2.4");
    EXPECT_EQ(arguments.container_port, 80);
    EXPECT_FALSE(parse_proxy_arguments({"docker-proxy", "-host-port"}).host_port);
}

TEST(EngineProcesses, processes_of_another_engine_are_not_this_engines) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .name = "docker-proxy", .ppid = 100, .cmdline = proxy},
                           {.pid = 8, .name = "docker-proxy", .ppid = 200, .cmdline = proxy},
                           {.pid = 9, .name = "containerd-shim", .cmdline = with_nuls("shim -namespace moby -id " + container_a)},
                           {.pid = 10, .name = "containerd-shim", .net = "net:[77]"},
                           {.pid = 200, .name = "dockerd", .net = "net:[77]"}});
    world::World world(reader);
    Host host(world);
    const auto found = engine_processes(host);
    EXPECT_THAT(found.problems, ::testing::IsEmpty());
    EXPECT_THAT(pids(found), ::testing::UnorderedElementsAre(100, 7, 9));
    for (const EngineProcess& process : found.items) {
        if (process.pid == 7) {
            EXPECT_EQ(process.proxy->host_port, 8081);
        }
        if (process.pid == 9) {
            EXPECT_EQ(process.container_id, container_a);
        }
    }
}

TEST(EngineProcesses, another_engine_in_the_same_network_namespace_is_left_out_with_its_containerd) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .name = "containerd", .ppid = 100, .cmdline = with_nuls("containerd")},
                           {.pid = 200, .name = "dockerd", .cmdline = with_nuls("dockerd --bridge none")},
                           {.pid = 201, .name = "containerd", .ppid = 200, .cmdline = with_nuls("containerd")}});
    world::World world(reader);
    Host host(world);
    EXPECT_THAT(pids(engine_processes(host)), ::testing::UnorderedElementsAre(100, 7));
}

TEST(EngineProcesses, a_process_in_a_container_that_calls_itself_a_proxy_is_none) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a, .name = "containerd", .cmdline = with_nuls("containerd")}});
    world::World world(reader);
    Host host(world);
    EXPECT_EQ(pids(engine_processes(host)), std::vector<std::int64_t>{100});
}

TEST(EngineProcesses, arguments_of_other_processes_are_never_read) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .name = "mysql", .cmdline = with_nuls("mysql -psecret")}});
    world::World world(reader);
    Host host(world);
    engine_processes(host);
    EXPECT_THAT(reader.asked(), ::testing::Not(::testing::Contains("file:/proc/7/cmdline")));
}

TEST(EngineProcesses, a_remote_engine_has_a_problem_and_no_processes) {
    world::FakeReader reader;
    testing::fill(reader, {});
    reader.set_outcome("engine_process:", world::Outcome::failed, "the engine is on another host");
    world::World world(reader);
    Host host(world);
    const auto found = engine_processes(host);
    EXPECT_TRUE(found.items.empty());
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_EQ(found.problems[0].reason, "the engine is on another host");
}

}  // namespace
}  // namespace bulkhead::host
