// SPDX-License-Identifier: Apache-2.0
#include "host/dockerd_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/testing/fake_host.h"

namespace bulkhead::host {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string words(std::string text) {
    for (char& c : text) c = c == ' ' ? '\0' : c;
    return text + '\0';
}

const DaemonSetting* find(const Found<DaemonSetting>& found, std::string_view name) {
    for (const DaemonSetting& setting : found.items) {
        if (setting.name == name) return &setting;
    }
    return nullptr;
}

struct DockerdConfig : ::testing::Test {
    world::FakeReader reader;
    void SetUp() override {
        testing::fill(reader, {});
        reader.set("file:/proc/100/cmdline", words("dockerd --icc=false -H fd://"));
        reader.set_outcome("file:/etc/docker/daemon.json@root:100", world::Outcome::absent);
    }
    Found<DaemonSetting> read(const std::optional<std::string>& version = "20.10.24+dfsg1") {
        world::World world(reader);
        Host host(world);
        return dockerd_config(host, version);
    }
};

TEST_F(DockerdConfig, tells_flag_file_and_default_apart) {
    reader.set("file:/etc/docker/daemon.json@root:100", R"({"userland-proxy": false, "proxies": {"http-proxy": "http://p"}, "own-key": [1]})");
    const auto found = read();
    EXPECT_THAT(found.problems, IsEmpty());
    EXPECT_EQ(find(found, "icc")->value, "false");
    EXPECT_EQ(find(found, "icc")->source, "flag");
    EXPECT_EQ(find(found, "icc")->locator, "file:/proc/100/cmdline");
    EXPECT_EQ(find(found, "icc")->documented_default, "true");
    EXPECT_EQ(find(found, "userland-proxy")->value, "false");
    EXPECT_EQ(find(found, "userland-proxy")->source, "file");
    EXPECT_EQ(find(found, "userland-proxy")->locator, "file:/etc/docker/daemon.json@root:100");
    EXPECT_EQ(find(found, "http-proxy")->value, R"("http://p")");
    EXPECT_EQ(find(found, "own-key")->value, "[1]");
    EXPECT_EQ(find(found, "live-restore")->value, "false");
    EXPECT_EQ(find(found, "live-restore")->source, "default");
    EXPECT_EQ(find(found, "ip6tables")->value, "false");
}

TEST_F(DockerdConfig, what_is_in_both_is_a_conflict_but_for_runtimes) {
    reader.set("file:/proc/100/cmdline", words("dockerd --icc=false --add-runtime a=/a"));
    reader.set("file:/etc/docker/daemon.json@root:100", R"({"icc": true, "runtimes": {"b": {"path": "/b"}}})");
    const auto found = read();
    EXPECT_TRUE(find(found, "icc")->conflict);
    EXPECT_FALSE(find(found, "runtimes")->conflict);
    EXPECT_FALSE(find(found, "debug")->conflict);
}

TEST_F(DockerdConfig, no_file_means_defaults) {
    const auto found = read();
    EXPECT_THAT(found.problems, IsEmpty());
    EXPECT_EQ(find(found, "iptables")->value, "true");
}

TEST_F(DockerdConfig, an_unreadable_file_leaves_only_the_flags_and_a_problem) {
    reader.set_outcome("file:/etc/docker/daemon.json@root:100", world::Outcome::denied, "Permission denied");
    const auto found = read();
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_NE(find(found, "icc"), nullptr);
    EXPECT_EQ(find(found, "iptables"), nullptr);
}

TEST_F(DockerdConfig, an_unreadable_command_line_leaves_nothing_and_a_problem) {
    reader.set_outcome("file:/proc/100/cmdline", world::Outcome::denied, "Permission denied");
    const auto found = read();
    EXPECT_EQ(found.problems.size(), 1U);
    EXPECT_THAT(found.items, IsEmpty());
}

TEST_F(DockerdConfig, a_broken_file_is_a_problem_with_line_and_column) {
    reader.set("file:/etc/docker/daemon.json@root:100", "{\n  \"icc\": true,\n  \"debug\": nope\n}\n");
    const auto found = read();
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_THAT(found.problems[0].reason, HasSubstr("line 3, column"));
    EXPECT_EQ(find(found, "iptables"), nullptr);
}

TEST_F(DockerdConfig, the_file_of_the_flag_is_read_in_the_engines_own_root) {
    reader.set("file:/proc/100/cmdline", words("dockerd --config-file /srv/d.json"));
    reader.set("file:/srv/d.json@root:100", R"({"debug": true})");
    EXPECT_EQ(find(read(), "debug")->source, "file");
}

TEST_F(DockerdConfig, a_rootless_engine_keeps_its_file_below_its_users_home) {
    testing::put(reader, {.pid = 100, .name = "dockerd", .uid = 1000, .cmdline = words("dockerd --rootless")});
    reader.set("file:/etc/passwd@root:100", "root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n");
    reader.set("file:/home/anna/.config/docker/daemon.json@root:100", R"({"debug": true})");
    EXPECT_EQ(find(read(), "debug")->source, "file");
}

TEST_F(DockerdConfig, without_a_version_a_default_that_changed_is_unknown) {
    const auto found = read(std::nullopt);
    EXPECT_FALSE(find(found, "ip6tables")->value);
    EXPECT_EQ(find(found, "icc")->value, "false");
}

TEST(DaemonJson, empty_and_with_a_byte_order_mark_are_fine_and_other_shapes_are_corrupt) {
    EXPECT_TRUE(parse_daemon_json("")->empty());
    EXPECT_TRUE(parse_daemon_json(" \n")->empty());
    EXPECT_EQ(parse_daemon_json("\xEF\xBB\xBF{\"icc\":false}")->at("icc"), "false");
    for (const char* wrong : {"[]", "7", "{\"a\":", "{\"a\":1}}", "\xFF"}) EXPECT_FALSE(parse_daemon_json(wrong)) << wrong;
    EXPECT_FALSE(parse_daemon_json(std::string(100000, '[')));
}

}  // namespace
}  // namespace bulkhead::host
