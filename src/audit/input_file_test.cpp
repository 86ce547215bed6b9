// SPDX-License-Identifier: Apache-2.0
#include "audit/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/testing/temp_folder.h"

namespace bulkhead::audit {
namespace {

using testing::HasSubstr;

TEST(InputFile, is_read_whole_up_to_its_bound) {
    const world::TempFolder folder;
    const std::string text(100'000, 'x');
    folder.write("f", text);
    const std::string path = folder.path() / "f";
    EXPECT_EQ(read_input_file(path, "the exceptions", text.size()), text);
    const auto longer = read_input_file(path, "the exceptions", text.size() - 1);
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().code, Code::limit_exceeded);
    folder.write("empty", "");
    EXPECT_EQ(read_input_file(folder.path() / "empty", "the exceptions", 0), "");
}

TEST(InputFile, what_cannot_be_read_says_why) {
    const world::TempFolder folder;
    const auto none = read_input_file(folder.path() / "none", "the exceptions", 10);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Code::not_found);
    EXPECT_THAT(none.error().message, HasSubstr("cannot read the exceptions"));
    const auto dir = read_input_file(folder.path(), "the exceptions", 10);
    ASSERT_FALSE(dir);
    EXPECT_THAT(dir.error().message, HasSubstr("it is a folder"));
}

}  // namespace
}  // namespace bulkhead::audit
