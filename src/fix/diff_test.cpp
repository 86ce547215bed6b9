// SPDX-License-Identifier: Apache-2.0
// A diff says what changed and can be applied: its own lines give back both texts.
#include "fix/diff.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/text.h"

namespace bulkhead::fix {
namespace {

TEST(Diff, of_one_line_has_its_context) {
    EXPECT_EQ(unified_diff("a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nX\nf\ng\nh\n", "old", "new"),
              "--- old\n+++ new\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n");
    EXPECT_EQ(unified_diff("a\n", "a\n", "old", "new"), "");
}

TEST(Diff, of_a_new_file_and_of_one_without_a_last_line_end) {
    EXPECT_EQ(unified_diff("", "{\n}\n", "/dev/null", "new"), "--- /dev/null\n+++ new\n@@ -0,0 +1,2 @@\n+{\n+}\n");
    EXPECT_EQ(unified_diff("a", "a\n", "o", "n"), "--- o\n+++ n\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST(Diff, far_changes_are_hunks_of_their_own_and_near_ones_are_not) {
    std::string before;
    for (int i = 0; i < 30; ++i) before += std::to_string(i) + "\n";
    std::string after = before;
    after.replace(after.find("\n5\n"), 3, "\nfive\n");
    after.replace(after.find("\n25\n"), 4, "\ntwenty-five\n");
    std::string diff = unified_diff(before, after, "o", "n");
    EXPECT_NE(diff.find("@@ -3,7 +3,7 @@"), std::string::npos) << diff;
    EXPECT_NE(diff.find("@@ -23,7 +23,7 @@"), std::string::npos) << diff;
    after.replace(after.find("\n11\n"), 4, "\neleven\n");
    diff = unified_diff(before, after, "o", "n");
    EXPECT_NE(diff.find("@@ -3,13 +3,13 @@"), std::string::npos) << diff;
}

// The two texts that the lines of a diff with all lines as context would give.
std::string side(const std::string& diff, char without) {
    std::string out;
    std::size_t skipped = 0;
    for (const std::string_view line : text::lines(diff)) {
        if (skipped++ < 2 || line.starts_with("@@")) continue;
        if (line[0] != without) out += std::string(line.substr(1)) + "\n";
    }
    return out;
}

TEST(Diff, of_any_two_texts_gives_back_both) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::string before;
        std::string after;
        // Few different lines, no line far from a change: every line is in a hunk.
        for (unsigned i = 0; i < random() % 9 + 1; ++i) before += std::string(1, static_cast<char>('a' + (random() % 3))) + "\n";
        for (unsigned i = 0; i < random() % 9 + 1; ++i) after += std::string(1, static_cast<char>('a' + (random() % 3))) + "\n";
        after = "first\n" + after;
        before += "last\n";
        const std::string diff = unified_diff(before, after, "o", "n");
        if (diff.find("@@ -1") == std::string::npos && diff.find("@@ -0") == std::string::npos) continue;
        const std::string old_side = side(diff, '+');
        const std::string new_side = side(diff, '-');
        EXPECT_NE(before.find(old_side), std::string::npos) << diff;
        EXPECT_NE(after.find(new_side), std::string::npos) << diff;
        EXPECT_EQ(before.size() - old_side.size(), after.size() - new_side.size()) << "what is not shown is the same in both\n" << diff;
    }
}

TEST(Diff, of_texts_with_nothing_in_common_stays_bounded) {
    std::string before;
    std::string after;
    for (std::size_t i = 0; i < 2 * diff_distance_max; ++i) {
        before += "a" + std::to_string(i) + "\n";
        after += "b" + std::to_string(i) + "\n";
    }
    const std::string diff = unified_diff(before, after, "o", "n");
    EXPECT_EQ(side(diff, '+'), before);
    EXPECT_EQ(side(diff, '-'), after);
}

}  // namespace
}  // namespace bulkhead::fix
