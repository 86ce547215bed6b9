// SPDX-License-Identifier: Apache-2.0
#include "host/cgroup_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/testing/fake_reader.h"

namespace bulkhead::host {
namespace {

TEST(CgroupLimits, reads_v2) {
    world::FakeReader reader;
    reader.set("file:/proc/7/cgroup", "0::/docker/x\n").set("file:/proc/self/mountinfo", "1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    const std::string at = "file:/sys/fs/cgroup/docker/x/";
    reader.set(at + "pids.max", "100\n").set(at + "pids.current", "3\n").set(at + "memory.max", "max\n").set(at + "memory.current", "4096\n");
    reader.set(at + "cpu.max", "50000 100000\n");
    world::World world(reader);
    const auto limits = cgroup_limits(world, 7, "id");
    EXPECT_THAT(limits.problems, ::testing::IsEmpty());
    EXPECT_EQ(limits.pids_max, 100);
    EXPECT_EQ(limits.pids_current, 3);
    EXPECT_FALSE(limits.memory_max_bytes);
    EXPECT_EQ(limits.memory_current_bytes, 4096);
    EXPECT_EQ(limits.cpu_quota_us, 50000);
    EXPECT_EQ(limits.pids_version, 2);
    EXPECT_EQ(limits.locator, at + "pids.max");
}

TEST(CgroupLimits, reads_each_controller_of_a_hybrid_machine_where_it_is) {
    world::FakeReader reader;
    reader.set("file:/proc/7/cgroup", "8:pids:/d/x\n4:memory:/d/x\n0::/d/x\n");
    reader.set(
        "file:/proc/self/mountinfo",
        "1 0 0:1 / /cg/pids rw - cgroup cgroup rw,pids\n2 0 0:2 / /cg/memory rw - cgroup cgroup rw,memory\n3 0 0:3 / /cg/unified rw - cgroup2 cgroup2 rw\n");
    reader.set("file:/cg/pids/d/x/pids.max", "max\n").set("file:/cg/pids/d/x/pids.current", "1\n");
    reader.set("file:/cg/memory/d/x/memory.limit_in_bytes", "9223372036854771712\n").set("file:/cg/memory/d/x/memory.usage_in_bytes", "1\n");
    reader.set_outcome("file:/cg/unified/d/x/cpu.max", world::Outcome::absent);
    world::World world(reader);
    const auto limits = cgroup_limits(world, 7, "id");
    EXPECT_THAT(limits.problems, ::testing::IsEmpty());
    EXPECT_FALSE(limits.pids_max);
    EXPECT_FALSE(limits.memory_max_bytes);
    EXPECT_EQ(limits.pids_version, 1);
    EXPECT_EQ(limits.cpu_version, 2);
}

TEST(CgroupLimits, a_controller_that_is_mounted_nowhere_is_a_problem_not_no_limit) {
    world::FakeReader reader;
    reader.set("file:/proc/7/cgroup", "0::/d/x\n").set("file:/proc/self/mountinfo", "1 0 0:1 / / rw - ext4 /dev/vda rw\n");
    world::World world(reader);
    EXPECT_EQ(cgroup_limits(world, 7, "id").problems.size(), 3U);
}

TEST(CgroupLimits, what_may_not_be_read_or_is_garbage_is_a_problem) {
    world::FakeReader reader;
    reader.set("file:/proc/7/cgroup", "0::/\n").set("file:/proc/self/mountinfo", "1 0 0:1 / /c rw - cgroup2 cgroup2 rw\n");
    reader.set_outcome("file:/c/pids.max", world::Outcome::denied).set("file:/c/pids.current", "1\n").set("file:/c/memory.max", "lots\n");
    reader.set("file:/c/memory.current", "1\n").set("file:/c/cpu.max", "50000\n");
    world::World world(reader);
    const auto limits = cgroup_limits(world, 7, "id");
    ASSERT_EQ(limits.problems.size(), 3U);
    for (const Problem& problem : limits.problems) EXPECT_EQ(problem.container_id, "id");
}

}  // namespace
}  // namespace bulkhead::host
