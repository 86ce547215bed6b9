// SPDX-License-Identifier: Apache-2.0
#include "audit/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace bulkhead::audit {
namespace {

TEST(Glob, stars_and_question_marks_stand_for_others) {
    EXPECT_TRUE(glob_matches("web", "web"));
    EXPECT_TRUE(glob_matches("*", ""));
    EXPECT_TRUE(glob_matches("shop-*-1", "shop-web-1"));
    EXPECT_TRUE(glob_matches("shop-*-1", "shop-a-1-b-1"));
    EXPECT_TRUE(glob_matches("web?", "web1"));
    EXPECT_TRUE(glob_matches("*:80->*", "web:0.0.0.0:80->80/tcp"));
    EXPECT_FALSE(glob_matches("web", "web1"));
    EXPECT_FALSE(glob_matches("web?", "web"));
    EXPECT_FALSE(glob_matches("shop-*-1", "shop-web-2"));
    EXPECT_FALSE(glob_matches("", "web"));
    EXPECT_FALSE(glob_matches("WEB", "web"));
}

TEST(Glob, brackets_and_backslashes_stand_for_themselves) {
    EXPECT_TRUE(glob_matches("web:[::]:80", "web:[::]:80"));
    EXPECT_FALSE(glob_matches("[w]eb", "web"));
    EXPECT_TRUE(glob_matches("a\\*", "a\\b"));
}

TEST(Glob, many_stars_end_soon) {
    std::string pattern;
    for (int i = 0; i < 100; ++i) pattern += "*a";
    EXPECT_FALSE(glob_matches(pattern + "b", std::string(5000, 'a')));
    EXPECT_TRUE(is_glob(pattern));
    EXPECT_FALSE(is_glob("cis_v160_5_1"));
}

}  // namespace
}  // namespace bulkhead::audit
