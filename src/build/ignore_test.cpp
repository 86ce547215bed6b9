// SPDX-License-Identifier: Apache-2.0
#include "build/ignore.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

std::vector<Ignore> in_dockerfile(std::string_view text) {
    const auto dockerfile = parse_dockerfile(text, "D");
    EXPECT_TRUE(dockerfile);
    const auto ignores = dockerfile_ignores(*dockerfile, "D");
    EXPECT_TRUE(ignores) << ignores.error().message;
    return ignores.value_or(std::vector<Ignore>{});
}

TEST(ignore, in_a_dockerfile_it_is_for_the_next_instruction) {
    const auto ignores = in_dockerfile(
        "# bulkhead ignore=a_1,b_2 reason=\"why not\" expires=2030-01-31\n\nFROM x\nRUN a \\\n  # bulkhead ignore=c_3 reason=r expires=2030-01-31\n  b\n");
    ASSERT_EQ(ignores.size(), 3U);
    EXPECT_EQ(ignores[0].control, "a_1");
    EXPECT_EQ(ignores[1].control, "b_2");
    EXPECT_EQ(ignores[0].reason, "why not");
    EXPECT_EQ(ignores[0].from_line, 3);
    EXPECT_EQ(ignores[2].from_line, 4);
    EXPECT_EQ(ignores[2].to_line, 6);
    EXPECT_EQ(ignores[2].at, (Position{5, 3}));
}

TEST(ignore, text_of_a_heredoc_is_no_comment) { EXPECT_TRUE(in_dockerfile("FROM x\nRUN <<E\n# bulkhead ignore=a\nE\n").empty()); }

TEST(ignore, in_a_compose_file_it_is_for_its_line_and_what_is_below) {
    const auto ignores = compose_ignores(
        "services:\n  # bulkhead ignore=a reason=r expires=2030-01-31\n  web:\n    image: x\n\n    privileged: true  # bulkhead ignore=b reason=r "
        "expires=2030-01-31\n  db:\n    image: y\n",
        "c");
    ASSERT_TRUE(ignores) << ignores.error().message;
    ASSERT_EQ(ignores->size(), 2U);
    EXPECT_EQ((*ignores)[0].from_line, 3);
    EXPECT_EQ((*ignores)[0].to_line, 6);
    EXPECT_EQ((*ignores)[1].from_line, 6);
    EXPECT_EQ((*ignores)[1].to_line, 6);
}

TEST(ignore, without_reason_or_expiry_it_is_an_error) {
    const auto message = [](const std::string& comment) {
        const auto ignores = compose_ignores("a: 1 # bulkhead ignore=" + comment + "\n", "c");
        return ignores ? "taken" : ignores.error().message;
    };
    EXPECT_EQ(message("x expires=2030-01-31"), "c:1:6: an ignore needs reason=\"...\"");
    EXPECT_EQ(message("x reason=\" \" expires=2030-01-31"), "c:1:6: an ignore needs reason=\"...\"");
    EXPECT_EQ(message("x reason=r"), "c:1:6: an ignore needs expires=YYYY-MM-DD");
    EXPECT_EQ(message("x reason=r expires=tomorrow"), "c:1:6: an ignore needs expires=YYYY-MM-DD");
    EXPECT_EQ(message("x reason=r expires=2030-13-01"), "c:1:6: an ignore needs expires=YYYY-MM-DD");
    EXPECT_EQ(message(" reason=r expires=2030-01-01"), "c:1:6: an ignore names a control: ignore=ID");
    EXPECT_EQ(message("x why=r").substr(0, 6), "c:1:6:");
    EXPECT_EQ(message("x reason=r expires=2030-01-31"), "taken");
}

TEST(ignore, the_word_elsewhere_is_no_ignore) { EXPECT_TRUE(compose_ignores("a: 'see#bulkhead ignore=x'\nb: bulkhead ignore=x\n", "c")->empty()); }

}  // namespace
}  // namespace bulkhead::build
