// SPDX-License-Identifier: Apache-2.0
#include "tables/host_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/fake_host.h"
#include "tables/catalog.h"

namespace bulkhead::tables {
namespace {

using host::testing::container_a;
using ::testing::Contains;
using ::testing::Field;

constexpr std::string_view of_the_host[] = {
    "container_process", "container_namespace", "container_mount", "container_socket", "container_cgroup", "container_file", "host_process",   "host_interface",
    "host_route",        "host_address",        "host_sysctl",     "host_file",        "xfrm_state",       "xfrm_policy",    "tcp_connection", "dockerd_config",
};

void put_containers(world::FakeReader& reader) {
    reader.set("engine:/containers/json?all=1", R"([{"Id":")" + container_a + R"(","Names":["/web"],"State":"running"}])");
    reader.set("engine:/containers/" + container_a + "/json",
               R"({"Id":")" + container_a +
                   R"(","Name":"/web","State":{"Status":"running","Running":true,"Pid":7},"Config":{},"HostConfig":{},"NetworkSettings":{}})");
    host::testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a, .uid = 100000, .uid_map = "0 100000 65536\n"}});
}

Table table(std::string_view name) {
    for (Table& one : catalog()) {
        if (one.name == name) return std::move(one);
    }
    ADD_FAILURE() << "no table " << name;
    return {};
}

std::size_t column(const Table& from, std::string_view name) {
    for (std::size_t i = 0; i < from.columns.size(); ++i) {
        if (from.columns[i].name == name) return i;
    }
    ADD_FAILURE() << "no column " << name;
    return 0;
}

TEST(HostTables, an_engine_elsewhere_fails_every_one_of_them_with_the_reason_and_reads_nothing_of_this_machine) {
    for (const std::string_view name : of_the_host) {
        world::FakeReader reader;
        put_containers(reader);
        reader.set_outcome("engine_process:", world::Outcome::failed, "the engine is on another host");
        world::World world(reader);
        Facts facts(world);
        Scan scan(facts, {{"path", "/run/docker.sock"}});
        EXPECT_EQ(table(name).rows(scan).size, 0U) << name;
        EXPECT_THAT(scan.failures(), Contains(Field(&SourceFailure::reason, "the engine is on another host"))) << name;
        for (const std::string& asked : reader.asked()) EXPECT_TRUE(asked.starts_with("engine")) << name << " read " << asked;
    }
}

TEST(ContainerProcess, root_in_a_user_namespace_is_root_inside_and_somebody_outside) {
    world::FakeReader reader;
    put_containers(reader);
    world::World world(reader);
    Facts facts(world);
    Scan scan(facts, {});
    const Table processes = table("container_process");
    const RowSet rows = processes.rows(scan);
    EXPECT_THAT(scan.failures(), ::testing::IsEmpty());
    ASSERT_EQ(rows.size, 1U);
    EXPECT_EQ(rows.at(0, column(processes, "euid")), Cell{std::int64_t{100000}});
    EXPECT_EQ(rows.at(0, column(processes, "container_euid")), Cell{std::int64_t{0}});
    EXPECT_EQ(rows.at(0, column(processes, "is_identity_map")), Cell{std::int64_t{0}});
    EXPECT_EQ(rows.at(0, column(processes, "is_main")), Cell{std::int64_t{1}});
    EXPECT_EQ(rows.at(0, column(processes, "container_name")), Cell{std::string("web")});
    EXPECT_EQ(rows.at(0, column(processes, "locator")), Cell{std::string("file:/proc/7/status")});
}

TEST(ContainerFile, the_engines_socket_is_known_by_device_and_inode_under_any_name) {
    const std::string socket = R"({"type":"socket","mode":"0660","uid":0,"gid":1,"size":0,"dev":"0:25","ino":700,"mtime_ms":5})";
    world::FakeReader reader;
    put_containers(reader);
    reader.set("engine_process:", R"({"pid":100,"socket":"/run/docker.sock"})").set("stat:/run/docker.sock@root:100", socket);
    for (const char* path : {"/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock"}) {
        reader.set_outcome("stat:" + std::string(path) + "@root:100", world::Outcome::absent);
    }
    reader.set("stat:/harmless@root:7", socket);
    world::World world(reader);
    Facts facts(world);
    Scan scan(facts, {{"path", "/harmless"}});
    const Table files = table("container_file");
    const RowSet rows = files.rows(scan);
    EXPECT_THAT(scan.failures(), ::testing::IsEmpty());
    ASSERT_EQ(rows.size, 1U);
    EXPECT_EQ(rows.at(0, column(files, "same_as")), Cell{std::string("/run/docker.sock")});
}

TEST(HostSysctl, a_setting_that_the_kernel_has_not_got_is_null_and_one_that_may_not_be_read_fails) {
    world::FakeReader reader;
    put_containers(reader);
    reader.set_outcome("file:/proc/sys/net/bridge/bridge-nf-call-iptables@netns:100", world::Outcome::absent);
    reader.set_outcome("file:/proc/sys/net/ipv4/ip_forward@netns:100", world::Outcome::denied);
    world::World world(reader);
    Facts facts(world);
    Scan bridge(facts, {{"name", "net.bridge.bridge-nf-call-iptables"}});
    const Table sysctls = table("host_sysctl");
    const RowSet rows = sysctls.rows(bridge);
    ASSERT_EQ(rows.size, 1U);
    EXPECT_EQ(rows.at(0, column(sysctls, "value")), Cell{});
    EXPECT_THAT(bridge.failures(), ::testing::IsEmpty());
    Scan forward(facts, {{"name", "net.ipv4.ip_forward"}});
    EXPECT_EQ(sysctls.rows(forward).size, 0U);
    EXPECT_EQ(forward.failures().size(), 1U);
}

}  // namespace
}  // namespace bulkhead::tables
