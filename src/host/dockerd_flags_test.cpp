// SPDX-License-Identifier: Apache-2.0
#include "host/dockerd_flags.h"

#include <gtest/gtest.h>

#include "host/dockerd_settings.h"

namespace bulkhead::host {
namespace {

using Settings = std::map<std::string, std::string>;

TEST(DockerdFlags, reads_every_way_to_write_a_flag) {
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "--icc=false", "--log-level", "debug", "--iptables", "--mtu=1450", "--data-root", "/d"}),
              (Settings{{"icc", "false"}, {"log-level", R"("debug")"}, {"iptables", "true"}, {"mtu", "1450"}, {"data-root", R"("/d")"}}));
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "-D", "-H", "fd://", "-Htcp://0.0.0.0:2375", "-H=unix:///x", "-Dl", "warn"}),
              (Settings{{"debug", "true"}, {"hosts", R"(["fd://","tcp://0.0.0.0:2375","unix:///x"])"}, {"log-level", R"("warn")"}}));
}

TEST(DockerdFlags, flags_and_file_spell_some_settings_differently) {
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "--host", "fd://", "--default-ulimit", "nofile=64:128", "--label=a=b", "--insecure-registry", "r:5000",
                                   "--add-runtime", "lab=/x", "--dns-opt=ndots:1"}),
              (Settings{{"hosts", R"(["fd://"])"},
                        {"default-ulimits", R"({"nofile":"64:128"})"},
                        {"labels", R"(["a=b"])"},
                        {"insecure-registries", R"(["r:5000"])"},
                        {"runtimes", R"({"lab":"/x"})"},
                        {"dns-opts", R"(["ndots:1"])"}}));
}

TEST(DockerdFlags, a_boolean_never_takes_the_next_word) {
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "--userland-proxy", "false", "--icc=f"}), (Settings{{"userland-proxy", "true"}, {"icc", "false"}}));
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "--userland-proxy-path", "/x"}), (Settings{{"userland-proxy-path", R"("/x")"}}));
}

TEST(DockerdFlags, the_last_of_a_repeated_flag_wins_and_two_dashes_end_the_flags) {
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "--icc", "--icc=false", "--", "--debug"}), (Settings{{"icc", "false"}}));
}

TEST(DockerdFlags, odd_command_lines_do_not_break_it) {
    EXPECT_TRUE(parse_dockerd_flags({}).empty());
    EXPECT_TRUE(parse_dockerd_flags({"dockerd"}).empty());
    EXPECT_TRUE(parse_dockerd_flags({"dockerd", "-", "", "word"}).empty());
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "--log-level"}), (Settings{{"log-level", R"("")"}}));
    EXPECT_EQ(parse_dockerd_flags({"dockerd", "--new-flag", "x", "--other", "--icc=maybe"}),
              (Settings{{"new-flag", R"("x")"}, {"other", R"("true")"}, {"icc", R"("maybe")"}}));
}

TEST(DockerdSettings, the_default_of_ip6tables_changed_in_27_and_is_unknown_without_a_version) {
    const SettingInfo* setting = setting_by_name("ip6tables");
    ASSERT_NE(setting, nullptr);
    EXPECT_EQ(setting->default_for(20), "false");
    EXPECT_EQ(setting->default_for(26), "false");
    EXPECT_EQ(setting->default_for(27), "true");
    EXPECT_FALSE(setting->default_for(std::nullopt));
    EXPECT_EQ(setting_by_name("icc")->default_for(std::nullopt), "true");
}

}  // namespace
}  // namespace bulkhead::host
