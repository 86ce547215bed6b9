// SPDX-License-Identifier: Apache-2.0
#include "world/question.h"

#include <gtest/gtest.h>

#include <set>

namespace bulkhead::world {
namespace {

TEST(Question, each_has_a_locator_that_leads_back_to_it) {
    std::set<std::string> seen;
    for (const std::string_view name : question_names) {
        for (const Over over : {Over::tcp, Over::tls}) {
            const Request request = answer_of(name, over, "fd00::1", 6379, 812);
            const std::string text = locator(request);
            EXPECT_TRUE(seen.insert(text).second) << text;
            const auto back = parse_locator(text);
            ASSERT_TRUE(back) << text;
            EXPECT_EQ(*back, request) << text;
        }
    }
    EXPECT_EQ(locator(answer_of("redis", Over::tls, "192.0.2.1", 6379, 812)), "banner:redis+tls:[192.0.2.1]:6379@netns:812");
    EXPECT_FALSE(seen.contains(locator(banner_of("fd00::1", 6379, 812)))) << "what a server says by itself is another reading";
}

TEST(Question, one_that_nobody_asked_is_told_from_one_that_got_no_answer) {
    EXPECT_TRUE(was_asked({"x", Outcome::present, "{}", "", 0}));
    EXPECT_TRUE(was_asked({"x", Outcome::failed, "", "connecting: Connection refused", 0}));
    EXPECT_TRUE(was_asked({"x", Outcome::denied, "", "setns: Operation not permitted", 0}));
    EXPECT_FALSE(was_asked({"x", Outcome::failed, "", std::string(not_probed), 0}));
    EXPECT_FALSE(was_asked({"x", Outcome::failed, "", "not in this snapshot", 0}));
}

}  // namespace
}  // namespace bulkhead::world
