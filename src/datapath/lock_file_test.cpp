// SPDX-License-Identifier: Apache-2.0
#include "datapath/lock_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace bulkhead::datapath {

class LockFileTest : public testing::Test {
  protected:
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string folder_ = testing::TempDir() + "lock_file_" + std::to_string(getpid());
    std::string path_ = folder_ + "/deep/datapath";
};

TEST_F(LockFileTest, a_second_holder_is_told_who_has_it) {
    const auto first = LockFile::take(path_);
    ASSERT_TRUE(first) << first.error().message;
    const auto second = LockFile::take(path_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::unavailable);
    EXPECT_NE(second.error().message.find("process " + std::to_string(getpid())), std::string::npos) << second.error().message;
}

TEST_F(LockFileTest, it_is_free_again_when_its_holder_is_gone_and_a_dead_holders_file_is_no_obstacle) {
    {
        ASSERT_TRUE(LockFile::take(path_));
    }
    std::ofstream(path_) << "999999\n";
    EXPECT_TRUE(LockFile::take(path_));
}

TEST_F(LockFileTest, a_link_in_its_place_is_not_followed) {
    std::filesystem::create_directories(folder_);
    std::filesystem::create_symlink(folder_ + "/elsewhere", folder_ + "/lock");
    EXPECT_FALSE(LockFile::take(folder_ + "/lock"));
    EXPECT_FALSE(std::filesystem::exists(folder_ + "/elsewhere"));
}

}  // namespace bulkhead::datapath
