// SPDX-License-Identifier: Apache-2.0
#include "host/engine_sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/fake_host.h"

namespace bulkhead::host {
namespace {

const Place socket_place{"0:25", "/docker.sock"};

std::vector<Mount> mounts(const std::string& text) { return *parse_mountinfo(text); }

const std::string host_mounts =
    "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "25 24 0:25 / /run rw - tmpfs tmpfs rw\n";

TEST(EngineSockets, a_place_is_the_filesystem_and_the_path_in_it) {
    EXPECT_EQ(place_of(mounts(host_mounts), "/run/docker.sock"), socket_place);
    EXPECT_EQ(place_of(mounts(host_mounts), "/opt/x.sock"), (Place{"8:1", "/opt/x.sock"}));
    EXPECT_EQ(place_of(mounts("9 1 0:40 /sub / rw - tmpfs t rw\n"), "/x.sock"), (Place{"0:40", "/sub/x.sock"}));
    EXPECT_EQ(place_of(mounts(host_mounts), "x.sock"), std::nullopt);
    EXPECT_EQ(place_of({}, "/x.sock"), std::nullopt);
}

TEST(EngineSockets, the_mount_on_top_covers_the_ones_below) {
    const auto stacked = mounts(host_mounts + "26 25 0:30 / /run rw - tmpfs t rw\n27 24 0:31 / /runs rw - tmpfs t rw\n");
    EXPECT_EQ(covering_mount(stacked, "/run/x"), 2U);
    EXPECT_EQ(covering_mount(stacked, "/runs/x"), 3U);
    EXPECT_EQ(covering_mount(stacked, "/"), 0U);
}

TEST(EngineSockets, mounts_that_turn_in_a_circle_come_to_an_end) {
    EXPECT_TRUE(covering_mount(
        mounts("1 0 8:1 / / rw - ext4 d rw\n2 1 8:1 / /a rw - ext4 d rw\n2 2 8:1 / /a rw - ext4 d rw\n3 2 8:1 / /a rw - e d rw\n2 3 8:1 / /a rw - e d rw\n"),
        "/a"));
}

TEST(EngineSockets, the_socket_is_found_under_another_name) {
    const auto ways = paths_to(socket_place, mounts("600 500 0:60 / / ro - overlay overlay rw\n601 600 0:25 /docker.sock /tmp/innocent ro - tmpfs tmpfs rw\n"));
    ASSERT_EQ(ways.size(), 1U);
    EXPECT_EQ(ways[0].path, "/tmp/innocent");
    EXPECT_TRUE(ways[0].is_direct);
    EXPECT_FALSE(ways[0].is_hidden);
}

TEST(EngineSockets, a_folder_above_the_socket_leads_to_it) {
    const auto ways = paths_to(socket_place, mounts("600 500 0:60 / / ro - overlay overlay rw\n601 600 0:25 / /host/run ro - tmpfs tmpfs rw\n"));
    ASSERT_EQ(ways.size(), 1U);
    EXPECT_EQ(ways[0].path, "/host/run/docker.sock");
    EXPECT_FALSE(ways[0].is_direct);
}

TEST(EngineSockets, other_folders_files_and_filesystems_do_not) {
    EXPECT_TRUE(paths_to(socket_place, mounts("600 500 0:60 / / ro - overlay overlay rw\n"
                                              "601 600 0:25 /docker /x rw - tmpfs tmpfs rw\n"
                                              "602 600 0:25 /docker.sock.bak /y rw - tmpfs tmpfs rw\n"
                                              "603 600 0:25 /docker.sock//deleted /w rw - tmpfs tmpfs rw\n"
                                              "604 600 0:26 / /var/run rw - tmpfs tmpfs rw\n"))
                    .empty());
}

TEST(EngineSockets, a_mount_on_top_hides_it) {
    const auto ways = paths_to(socket_place, mounts("600 500 0:60 / / ro - overlay overlay rw\n601 600 0:25 / /host rw - tmpfs tmpfs rw\n"
                                                    "602 601 0:70 / /host/docker.sock rw - tmpfs tmpfs rw\n"));
    ASSERT_EQ(ways.size(), 1U);
    EXPECT_TRUE(ways[0].is_hidden);
}

TEST(EngineSockets, is_above_knows_names_from_prefixes) {
    EXPECT_TRUE(is_same_or_above("/", "/run/x"));
    EXPECT_TRUE(is_same_or_above("/run", "/run/x"));
    EXPECT_TRUE(is_same_or_above("/run", "/run"));
    EXPECT_FALSE(is_same_or_above("/run", "/running"));
    EXPECT_FALSE(is_same_or_above("", "/run"));
}

world::FakeReader& with_sockets(world::FakeReader& reader) {
    testing::fill(reader, {});
    reader.set("engine_process:", R"({"pid":100,"how":"peer","socket":"/var/run/docker.sock"})");
    reader.set("file:/proc/self/mountinfo", host_mounts).set("file:/proc/100/mountinfo", host_mounts);
    reader.set("link:/var/run", "../run").set("link:/var/run@root:100", "/run");
    for (const char* path : {"stat:/run/docker.sock", "stat:/run/docker.sock@root:100"})
        reader.set(path, R"({"type":"socket","mode":"0660","uid":0,"gid":0,"dev":"0:25","ino":7})");
    for (const char* path : {"stat:/run/containerd/containerd.sock@root:100", "stat:/run/docker/containerd/containerd.sock@root:100"}) {
        reader.set_outcome(path, world::Outcome::absent);
    }
    return reader;
}

TEST(EngineSockets, one_socket_by_several_names_is_one) {
    world::FakeReader reader;
    world::World world(with_sockets(reader), 1);
    Host host(world);
    const auto found = engine_sockets(
        host, {{.name = "hosts", .value = R"(["unix:///var/run/docker.sock","fd://"])"}, {.name = "exec-root", .value = R"("/var/run/docker")"}});
    EXPECT_TRUE(found.problems.empty());
    ASSERT_EQ(found.items.size(), 1U);
    EXPECT_EQ(found.items[0].place, socket_place);
    EXPECT_EQ(found.items[0].path, "/run/docker.sock");
    EXPECT_EQ(found.items[0].api, "docker");
}

TEST(EngineSockets, containerd_is_found_where_the_settings_say) {
    world::FakeReader reader;
    with_sockets(reader).set("stat:/opt/c.sock@root:100", R"({"type":"socket","mode":"0660","uid":0,"gid":0,"dev":"8:1","ino":9})");
    world::World world(reader, 1);
    Host host(world);
    const auto found = engine_sockets(host, {{.name = "containerd", .value = R"("/opt/c.sock")"}});
    ASSERT_EQ(found.items.size(), 2U);
    EXPECT_EQ(found.items[1].api, "containerd");
    EXPECT_EQ(found.items[1].place, (Place{"8:1", "/opt/c.sock"}));
}

TEST(EngineSockets, mounts_that_may_not_be_read_are_a_problem) {
    world::FakeReader reader;
    with_sockets(reader).set_outcome("file:/proc/self/mountinfo", world::Outcome::denied, "Permission denied");
    world::World world(reader, 1);
    Host host(world);
    EXPECT_THAT(engine_sockets(host, {}).problems, ::testing::SizeIs(1));
}

TEST(EngineSockets, an_engine_elsewhere_is_a_problem_and_nothing_is_read_here) {
    world::FakeReader reader;
    reader.set_outcome("engine_process:", world::Outcome::failed, "the engine is on another host");
    world::World world(reader, 1);
    Host host(world);
    const auto found = engine_sockets(host, {});
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_EQ(found.problems[0].reason, "the engine is on another host");
    EXPECT_EQ(reader.asked(), (std::vector<std::string>{"engine_process:"}));
}

}  // namespace
}  // namespace bulkhead::host
