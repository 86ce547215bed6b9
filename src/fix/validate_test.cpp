// SPDX-License-Identifier: Apache-2.0
// What an engine would refuse is refused before it is in place, by its own word or by what is known of its settings.
#include "fix/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "world/testing/temp_folder.h"

namespace bulkhead::fix {
namespace {

std::string refused(std::string_view before, std::string_view after) {
    const auto checked = check_settings(before, after);
    return checked ? "" : checked.error().message;
}

TEST(CheckSettings, names_and_kinds_are_those_of_dockerd) {
    EXPECT_EQ(refused("", R"({"icc": false, "log-opts": {"max-size": "1m"}, "mtu": 1400, "dns": [], "log-level": "info"})"), "");
    EXPECT_EQ(refused("", R"({"icc": "false"})"), "\"icc\" has to be true or false");
    EXPECT_EQ(refused("", R"({"dns": {}})"), "\"dns\" has to be a list");
    EXPECT_EQ(refused("", R"({"ic": false})"), "\"ic\" is no setting of dockerd");
    EXPECT_EQ(refused("", R"({"rootless": true})"), "\"rootless\" is a flag only");
    EXPECT_EQ(refused(R"({"firewall-backend": "x"})", R"({"firewall-backend": "x", "icc": false})"), "") << "the engine runs with it";
    EXPECT_EQ(refused("", "[]"), "not a JSON object");
}

// A program in place of dockerd.
class RunValidate : public testing::Test {
  protected:
    std::string program(const std::string& script, mode_t mode = 0755) {
        const std::string path = folder_.at("dockerd");
        std::ofstream(path) << "#!/bin/sh\n" << script;
        ::chmod(path.c_str(), mode);
        return path;
    }
    world::TempFolder folder_;
};

TEST_F(RunValidate, tells_what_the_engine_says_of_the_file) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root: only a program of root is run";
    const std::string file = folder_.at("new.json");
    std::ofstream(file) << "{}";
    EXPECT_TRUE(run_validate(program("[ \"$1\" = --validate ] && [ \"$2\" = --config-file ] && grep -q {} \"$3\""), file));
    const auto bad = run_validate(program("echo unable to configure: icc >&2; exit 1"), file);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, Code::invalid_input);
    EXPECT_EQ(bad.error().message, "dockerd --validate: unable to configure: icc");
}

TEST_F(RunValidate, a_program_that_others_may_write_is_not_run) {
    const auto refused = run_validate(program("touch \"$3\"", 0775), folder_.at("made"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::unsupported);
    EXPECT_NE(::access(folder_.at("made").c_str(), F_OK), 0);
    EXPECT_FALSE(run_validate(folder_.at("none"), folder_.at("made")));
}

}  // namespace
}  // namespace bulkhead::fix
