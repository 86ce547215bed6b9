// SPDX-License-Identifier: Apache-2.0
#include "cli/suggest.h"

#include <gmock/gmock.h>

namespace bulkhead::cli {

namespace {

TEST(Suggest, distance_counts_insertions_deletions_replacements_and_swaps) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("audit", "audit"), 0U);
    EXPECT_EQ(edit_distance("audi", "audit"), 1U);
    EXPECT_EQ(edit_distance("audits", "audit"), 1U);
    EXPECT_EQ(edit_distance("aubit", "audit"), 1U);
    EXPECT_EQ(edit_distance("aduit", "audit"), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Suggest, near_words_come_nearest_first_and_far_ones_not_at_all) {
    const std::vector<std::string> known = {"audit", "explain", "lab", "list", "query", "snapshot"};
    EXPECT_THAT(nearest("adit", known), testing::ElementsAre("audit"));
    EXPECT_THAT(nearest("LSIT", known), testing::ElementsAre("list"));
    EXPECT_THAT(nearest("snap", known), testing::ElementsAre("snapshot")) << "the start of a word is near it";
    EXPECT_THAT(nearest("frobnicate", known), testing::IsEmpty());
    EXPECT_THAT(nearest("audit", {"audit"}), testing::IsEmpty()) << "the word itself is no suggestion";
    EXPECT_THAT(nearest("", known), testing::IsEmpty());
    EXPECT_THAT(nearest(std::string(1'000'000, 'a'), known), testing::IsEmpty());
}

TEST(Suggest, the_sentence_names_up_to_three) {
    EXPECT_EQ(did_you_mean("csvs_3_1", {"csvs_3_2"}), "; did you mean csvs_3_2?");
    EXPECT_EQ(did_you_mean("abc", {"abd", "abe", "abf", "abg"}), "; did you mean abd, abe or abf?");
    EXPECT_EQ(did_you_mean("abc", {"xyz"}), "");
}

}  // namespace

}  // namespace bulkhead::cli
