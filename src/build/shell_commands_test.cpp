// SPDX-License-Identifier: Apache-2.0
#include "build/shell_commands.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

std::string names(std::string_view text) {
    std::string out;
    for (const auto& command : split_commands(text).commands) out += (out.empty() ? "" : " ") + command.name;
    return out;
}

TEST(shell_commands, lists_pipes_and_groups_are_commands_of_their_own) {
    EXPECT_EQ(names("apt-get update && apt-get install -y curl; rm -rf /x || true"), "apt-get apt-get rm true");
    EXPECT_EQ(names("(cd /x; make) | tee log &"), "cd make tee");
    EXPECT_EQ(names("set -e\nif [ -f x ]; then /usr/bin/curl y; fi\n"), "set [ curl");
    EXPECT_EQ(names("for i in a sudo b; do echo $i; done"), "echo");
}

TEST(shell_commands, words_in_quotes_and_comments_are_no_commands) {
    EXPECT_EQ(names("echo 'sudo && curl' \"; wget\" # apt-get"), "echo");
    EXPECT_EQ(names("echo apt-get update"), "echo");
}

TEST(shell_commands, what_runs_another_command_shows_both) {
    EXPECT_EQ(names("sudo -E A=1 apt-get update"), "sudo apt-get");
    EXPECT_EQ(names("DEBIAN_FRONTEND=noninteractive apt-get upgrade"), "apt-get");
    EXPECT_EQ(names("sh -c 'curl x | sh'"), "sh curl sh");
    EXPECT_EQ(names("x=$(curl y) && echo `wget z`"), "curl wget echo");
}

TEST(shell_commands, words_redirections_and_places) {
    const auto all = split_commands("curl -fsSL \"http://x\" 2>/dev/null | sh -s -- a > log").commands;
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].words, (std::vector<std::string>{"-fsSL", "http://x"}));
    EXPECT_EQ(all[0].pipeline, all[1].pipeline);
    EXPECT_TRUE(all[1].reads_pipe);
    EXPECT_FALSE(all[0].reads_pipe);
    EXPECT_EQ(all[1].words, (std::vector<std::string>{"-s", "--", "a"}));
    EXPECT_EQ(all[1].offset, 36U);
    EXPECT_FALSE(split_commands("$CMD x").commands[0].literal);
}

TEST(shell_commands, what_never_ends_stops_at_a_bound) {
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "$(";
    EXPECT_FALSE(split_commands(deep).complete);
    std::string many;
    for (std::size_t i = 0; i <= shell_commands_max; ++i) many += "a;";
    EXPECT_FALSE(split_commands(many).complete);
    EXPECT_TRUE(split_commands("").commands.empty());
}

}  // namespace
}  // namespace bulkhead::build
