// SPDX-License-Identifier: Apache-2.0
#include "host/host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/fake_host.h"

namespace bulkhead::host {
namespace {

using testing::container_a;
using testing::container_b;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Host, the_reason_why_the_engine_is_out_of_reach_comes_through_unchanged) {
    world::FakeReader reader;
    reader.set_outcome("engine_process:", world::Outcome::failed, "the engine is on another host");
    world::World world(reader);
    Host host(world);
    ASSERT_FALSE(host.engine_pid());
    EXPECT_EQ(host.engine_pid().error().message, "the engine is on another host");
}

TEST(Host, a_remote_engine_never_makes_it_look_into_the_local_proc) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a}});
    reader.set_outcome("engine_process:", world::Outcome::failed, "the engine is on another host");
    world::World world(reader);
    Host host(world);
    const ContainerRef ref{container_a, "web", 7};
    const auto found = host.container_processes({&ref, 1});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].processes.empty());
    ASSERT_EQ(found[0].problems.size(), 1U);
    EXPECT_EQ(found[0].problems[0].reason, "the engine is on another host");
    EXPECT_EQ(found[0].problems[0].container_id, container_a);
    EXPECT_EQ(reader.asked(), std::vector<std::string>{"engine_process:"});
}

TEST(Host, groups_processes_by_control_group_and_knows_the_main_one) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a, .uid = 1000},
                           {.pid = 8, .cgroup = "0::/docker/" + container_a, .uid = 0},
                           {.pid = 9, .cgroup = "0::/docker/" + container_b},
                           {.pid = 10, .cgroup = "0::/user.slice"}});
    world::World world(reader);
    Host host(world);
    const std::vector<ContainerRef> refs = {{container_a, "web", 7}, {container_b, "db", 9}};
    const auto found = host.container_processes(refs);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_THAT(found[0].problems, IsEmpty());
    ASSERT_EQ(found[0].processes.size(), 2U);
    EXPECT_EQ(found[0].processes[0].pid, 7);
    EXPECT_TRUE(found[0].processes[0].is_main);
    EXPECT_EQ(found[0].processes[0].status.uid, 1000);
    EXPECT_FALSE(found[0].processes[1].is_main);
    EXPECT_EQ(found[0].processes[0].start_time, 1'600'000'001'000);
    EXPECT_EQ(found[0].processes[0].exe, "/usr/bin/httpd");
    EXPECT_FALSE(found[0].processes[0].lsm_label);
    ASSERT_EQ(found[1].processes.size(), 1U);
}

TEST(Host, the_environment_of_a_process_is_never_read) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a}});
    world::World world(reader);
    Host host(world);
    const ContainerRef ref{container_a, "web", 7};
    host.container_processes({&ref, 1});
    for (const std::string& locator : reader.asked()) EXPECT_THAT(locator, ::testing::Not(HasSubstr("environ")));
}

TEST(Host, a_process_that_ends_meanwhile_is_left_out_and_no_problem) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a}, {.pid = 8, .cgroup = "0::/docker/" + container_a}, {.pid = 9}});
    for (const char* gone : {"file:/proc/8/status", "file:/proc/8/uid_map", "link:/proc/8/exe", "file:/proc/9/cgroup"}) {
        reader.set_outcome(gone, world::Outcome::absent);
    }
    world::World world(reader);
    Host host(world);
    const ContainerRef ref{container_a, "web", 7};
    const auto found = host.container_processes({&ref, 1});
    EXPECT_EQ(found[0].processes.size(), 1U);
    EXPECT_THAT(found[0].problems, IsEmpty());
    EXPECT_THAT(host.process_index().problems, IsEmpty());
}

TEST(Host, what_may_not_be_read_is_a_problem_of_its_container) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a}});
    reader.set_outcome("link:/proc/7/exe", world::Outcome::denied, "Permission denied");
    world::World world(reader);
    Host host(world);
    const ContainerRef ref{container_a, "web", 7};
    const auto found = host.container_processes({&ref, 1});
    ASSERT_EQ(found[0].processes.size(), 1U);
    ASSERT_EQ(found[0].problems.size(), 1U);
    EXPECT_EQ(found[0].problems[0].locator, "link:/proc/7/exe");
    EXPECT_EQ(found[0].problems[0].container_id, container_a);
}

TEST(Host, control_groups_without_an_id_fall_back_on_the_engines_number) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/"}});
    world::World world(reader);
    Host host(world);
    const ContainerRef ref{container_a, "web", 7};
    const auto found = host.container_processes({&ref, 1});
    ASSERT_EQ(found[0].processes.size(), 1U);
    EXPECT_TRUE(found[0].processes[0].is_main);
}

TEST(Host, an_engine_in_a_pid_namespace_of_its_own_has_other_numbers) {
    world::FakeReader reader;
    testing::fill(reader, {{.pid = 7, .cgroup = "0::/docker/" + container_a, .ns_pids = "7 55 1"}, {.pid = 55, .cgroup = "0::/"}});
    testing::put(reader, {.pid = 100, .name = "dockerd", .ns_pids = "100 3"});
    world::World world(reader);
    Host host(world);
    EXPECT_EQ(host.main_pid({container_a, "web", 55}).value_or(0), 7);
}

TEST(Host, a_running_container_without_a_visible_process_is_a_problem_not_an_empty_answer) {
    world::FakeReader reader;
    testing::fill(reader, {});
    for (const char* file : {"status", "cmdline", "stat", "uid_map"}) {
        reader.set_outcome(std::string("file:/proc/7/") + file, world::Outcome::absent);
    }
    reader.set_outcome("link:/proc/7/exe", world::Outcome::absent);
    world::World world(reader);
    Host host(world);
    const ContainerRef ref{container_a, "web", 7};
    const auto found = host.container_processes({&ref, 1});
    EXPECT_TRUE(found[0].processes.empty());
    ASSERT_EQ(found[0].problems.size(), 1U);
    EXPECT_THAT(found[0].problems[0].reason, HasSubstr("no process"));
}

TEST(Host, an_unreadable_proc_is_a_problem) {
    world::FakeReader reader;
    testing::fill(reader, {});
    reader.set_outcome("directory:/proc", world::Outcome::denied, "Permission denied");
    world::World world(reader);
    Host host(world);
    ASSERT_EQ(host.process_index().problems.size(), 1U);
}

}  // namespace
}  // namespace bulkhead::host
