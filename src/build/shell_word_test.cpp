// SPDX-License-Identifier: Apache-2.0
#include "build/shell_word.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

std::optional<Expanded> lookup(std::string_view name) {
    if (name == "x") return Expanded{"value", true};
    if (name == "path") return Expanded{"a/b/c.tar.gz", true};
    if (name == "empty") return Expanded{"", true};
    if (name == "hidden") return Expanded{"", false};
    return std::nullopt;
}

std::string expanded(std::string_view word) {
    const auto result = expand_word(word, '\\', lookup);
    if (!result) return "error: " + result.error().message;
    return result->text + (result->known ? "" : " (unknown)");
}

TEST(shell_word, quotes_escapes_and_variables) {
    EXPECT_EQ(expanded("a$x-${x}b"), "avalue-valueb");
    EXPECT_EQ(expanded("'$x'\"$x\"\\$x"), "$xvalue$x");
    EXPECT_EQ(expanded("\"a\\\"b\\c\""), "a\"b\\c");
    EXPECT_EQ(expanded("$ 5$"), "$ 5$");
}

TEST(shell_word, modifiers) {
    EXPECT_EQ(expanded("${no:-d}${no-e}${empty:-f}${empty-g}"), "def");
    EXPECT_EQ(expanded("${x:+yes}${no:+no}${empty+set}"), "yesset");
    EXPECT_EQ(expanded("${no:-${x}}"), "value");
    EXPECT_EQ(expanded("${path#*/}|${path##*/}|${path%.*}|${path%%.*}"), "b/c.tar.gz|c.tar.gz|a/b/c.tar|a/b/c");
    EXPECT_EQ(expanded("${path/\\//-}|${path//\\//-}"), "a-b/c.tar.gz|a-b-c.tar.gz");
    EXPECT_EQ(expanded("${x:?must}"), "value");
    EXPECT_EQ(expanded("${no?must}"), "error: no must be set: must");
}

TEST(shell_word, what_is_not_known_is_said) {
    EXPECT_EQ(expanded("$no"), " (unknown)");
    EXPECT_EQ(expanded("a${hidden}"), "a (unknown)");
    EXPECT_EQ(expanded("${hidden:-d}"), " (unknown)");
    EXPECT_EQ(expanded("${x:-$no}"), "value") << "the default does not count";
    EXPECT_EQ(expanded("${no:+$no}"), "");
}

TEST(shell_word, mistakes_are_errors) {
    for (const char* word : {"${x", "${}", "${:x}", "\"open", "'open", "${x!y}", "${x:", "${x/a", "${x:-\"}"}) {
        EXPECT_EQ(expanded(word).substr(0, 6), "error:") << word;
    }
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "${a:-";
    EXPECT_EQ(expand_word(deep, '\\', lookup).error().code, Code::limit_exceeded);
}

TEST(shell_word, patterns) {
    EXPECT_TRUE(matches_pattern("a*c?", "abbcd"));
    EXPECT_FALSE(matches_pattern("a*c", "abbcd"));
    EXPECT_TRUE(matches_pattern("\\*", "*"));
    EXPECT_FALSE(matches_pattern("\\*", "x"));
    EXPECT_TRUE(matches_pattern("", ""));
}

}  // namespace
}  // namespace bulkhead::build
