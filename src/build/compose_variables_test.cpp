// SPDX-License-Identifier: Apache-2.0
#include "build/compose_variables.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

std::string filled(std::string_view text) {
    const Environment environment = {{"x", "value"}, {"empty", ""}};
    const auto result = interpolate(text, environment);
    if (!result) return "error: " + result.error().message;
    return result->text + (result->known ? "" : " (unknown)");
}

TEST(compose_variables, every_form) {
    EXPECT_EQ(filled("a$x-${x}b $$x"), "avalue-valueb $x");
    EXPECT_EQ(filled("${no:-d}${no-e}${empty:-f}${empty-g}"), "def");
    EXPECT_EQ(filled("${x:+r}${no+r}${empty:+r}"), "r");
    EXPECT_EQ(filled("${no:-${x:-y}}"), "value");
    EXPECT_EQ(filled("${x?must}"), "value");
    EXPECT_EQ(filled("a}b"), "a}b");
}

TEST(compose_variables, without_a_value_it_is_unknown_and_not_empty) {
    EXPECT_EQ(filled("${no}"), " (unknown)");
    EXPECT_EQ(filled("$no"), " (unknown)");
    EXPECT_EQ(filled("${no:?must}"), " (unknown)") << "the caller may have it";
    EXPECT_EQ(filled("${x:-$no}"), "value") << "the default does not count";
}

TEST(compose_variables, mistakes_are_errors_with_a_place) {
    for (const char* text : {"$", "$1", "${", "${x", "${x!y}", "${}", "${x:-a"}) EXPECT_EQ(filled(text).substr(0, 6), "error:") << text;
    auto tree = parse_tree("a:\n  b: ${x\n", "f", 0);
    ASSERT_TRUE(tree);
    EXPECT_EQ(interpolate(tree->front(), {}, "f").error().message.substr(0, 6), "f:2:6:");
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "${a:-";
    EXPECT_EQ(interpolate(deep, {}).error().code, Code::limit_exceeded);
}

TEST(compose_variables, env_files) {
    Environment environment = {{"mine", "kept"}};
    const auto added = add_env_file(
        environment, "# comment\nA=1\nexport B = two # note\nC='$A'\nD=\"x\\n$A\"\nE=${A}-${none:-d}\nmine=other\nF=\"two\nlines\"\nG=$none\nNAME_ONLY\r\n",
        ".env");
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ(environment, (Environment{{"mine", "kept"}, {"A", "1"}, {"B", "two"}, {"C", "$A"}, {"D", "x\n1"}, {"E", "1-d"}, {"F", "two\nlines"}}));
    EXPECT_EQ(add_env_file(environment, "A=1\nB=\"open\n", "e").error().message, "e:2:1: a closing \" is missing");
    EXPECT_EQ(add_env_file(environment, "a b=1\n", "e").error().message, "e:1:1: not NAME=VALUE");
    EXPECT_EQ(add_env_file(environment, std::string(env_file_bytes_max + 1, '#'), "e").error().code, Code::limit_exceeded);
}

}  // namespace
}  // namespace bulkhead::build
