// SPDX-License-Identifier: Apache-2.0
#include "host/cgroup.h"

#include <gtest/gtest.h>

namespace bulkhead::host {
namespace {

const std::string outer(64, 'a');
const std::string inner = std::string(63, 'b') + "0";

std::vector<std::string> ids_in(const std::string& bytes) {
    const auto cgroups = parse_cgroups(bytes);
    EXPECT_TRUE(cgroups);
    return cgroups ? container_ids(*cgroups) : std::vector<std::string>{};
}

TEST(Cgroup, finds_the_container_under_every_driver_and_version) {
    const std::vector<std::string> one = {outer};
    EXPECT_EQ(ids_in("8:pids:/docker/" + outer + "\n1:cpu:/docker/" + outer + "\n"), one);
    EXPECT_EQ(ids_in("0::/system.slice/docker-" + outer + ".scope\n"), one);
    EXPECT_EQ(ids_in("0::/bulkhead-lab-1/" + outer + "\n"), one);
    EXPECT_EQ(ids_in("0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" + outer + ".scope\n"), one);
    EXPECT_EQ(ids_in("0::/system.slice:docker:" + outer + "\n"), one);
    EXPECT_EQ(ids_in("0::/docker/" + outer + "/init.scope\n"), one);
    EXPECT_EQ(ids_in("0::/../../docker/" + outer + "\n"), one);
}

TEST(Cgroup, a_nested_engine_puts_a_process_into_both_containers_outermost_first) {
    EXPECT_EQ(ids_in("0::/docker/" + outer + "/docker/" + inner + "\n"), (std::vector<std::string>{outer, inner}));
}

TEST(Cgroup, what_only_looks_like_an_id_is_none) {
    EXPECT_TRUE(ids_in("0::/docker/" + outer.substr(1) + "\n").empty());
    EXPECT_TRUE(ids_in("0::/docker/c" + outer + "\n").empty());
    EXPECT_TRUE(ids_in("0::/docker/" + std::string(64, 'A') + "\n").empty());
    EXPECT_TRUE(ids_in("0::/\n").empty());
}

TEST(Cgroup, garbage_is_corrupt) {
    for (const std::string_view wrong : {"0:", "hello", "1:cpu:relative", "::", "\n"}) EXPECT_FALSE(parse_cgroups(wrong)) << wrong;
}

const std::string_view hybrid_mounts =
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
    "40 31 0:37 /box /cg/memory rw - cgroup cgroup rw,memory\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

TEST(CgroupDirectory, takes_v1_where_the_controller_is_v1_and_v2_else) {
    const auto mounts = *parse_mountinfo(hybrid_mounts);
    const auto cgroups = *parse_cgroups("8:pids:/docker/x\n4:memory:/box/docker/x\n0::/docker/x\n");
    EXPECT_EQ(directory_of("pids", cgroups, mounts)->path, "/sys/fs/cgroup/pids/docker/x");
    EXPECT_FALSE(directory_of("pids", cgroups, mounts)->is_v2);
    EXPECT_EQ(directory_of("memory", cgroups, mounts)->path, "/cg/memory/docker/x");
    EXPECT_EQ(directory_of("cpu", cgroups, mounts)->path, "/sys/fs/cgroup/unified/docker/x");
    EXPECT_TRUE(directory_of("cpu", cgroups, mounts)->is_v2);
}

TEST(CgroupDirectory, a_group_out_of_view_has_no_directory) {
    const auto mounts = *parse_mountinfo(hybrid_mounts);
    EXPECT_FALSE(directory_of("memory", *parse_cgroups("4:memory:/boxes/x\n"), mounts));
    EXPECT_FALSE(directory_of("pids", *parse_cgroups("8:pids:/../other\n"), mounts));
    EXPECT_FALSE(directory_of("cpu", *parse_cgroups("8:cpu,cpuacct:/x\n0::/x\n"), mounts));
}

TEST(Limit, max_and_the_huge_number_of_v1_are_no_limit) {
    EXPECT_TRUE(parse_limit("max\n")->unlimited);
    EXPECT_TRUE(parse_limit("9223372036854771712\n")->unlimited);
    EXPECT_TRUE(parse_limit("-1\n")->unlimited);
    EXPECT_EQ(parse_limit("100\n")->value, 100);
    EXPECT_FALSE(parse_limit("100\n")->unlimited);
    EXPECT_FALSE(parse_limit(""));
    EXPECT_FALSE(parse_limit("many"));
}

}  // namespace
}  // namespace bulkhead::host
