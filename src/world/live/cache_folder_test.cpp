// SPDX-License-Identifier: Apache-2.0
#include "world/live/cache_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "world/testing/temp_folder.h"

namespace bulkhead::world {
namespace {

TEST(CacheFolder, keeps_what_was_put_for_its_owner_alone) {
    const TempFolder folder;
    auto cache = CacheFolder::open(folder.at("cache"));
    ASSERT_TRUE(cache) << cache.error().message;
    EXPECT_EQ((*cache)->get("a"), std::nullopt);
    (*cache)->put("a", std::string("x\0y", 3));
    EXPECT_EQ((*cache)->get("a"), std::string("x\0y", 3));
    struct stat info{};
    ASSERT_EQ(stat(folder.at("cache").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0700U);
    ASSERT_EQ(stat(folder.at("cache/a").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    EXPECT_EQ((*cache)->broken(), 0);
}

TEST(CacheFolder, does_not_believe_what_is_damaged_foreign_or_a_link_and_counts_it) {
    const TempFolder folder;
    auto cache = *CacheFolder::open(folder.at("cache"));
    for (const char* name : {"cut", "changed", "open", "link", "text"}) cache->put(name, "content");
    std::filesystem::resize_file(folder.at("cache/cut"), 90);
    std::string bytes = folder.read("cache/changed");
    bytes.back() = 'X';
    (void)folder.write("cache/changed", bytes);
    ASSERT_EQ(chmod(folder.at("cache/open").c_str(), 0666), 0);
    (void)folder.write("cache/text", "no such file of ours, but long enough to be one, if only it had begun with the right words, which it has not");
    std::filesystem::remove(folder.at("cache/link"));
    std::filesystem::create_symlink(folder.at("cache/cut"), folder.at("cache/link"));
    for (const char* name : {"cut", "changed", "open", "link", "text"}) EXPECT_EQ(cache->get(name), std::nullopt) << name;
    EXPECT_EQ(cache->broken(), 4) << "a link is not even opened";
}

TEST(CacheFolder, that_others_may_write_in_is_not_used) {
    const TempFolder folder;
    std::filesystem::create_directory(folder.at("cache"));
    ASSERT_EQ(chmod(folder.at("cache").c_str(), 0777), 0);
    EXPECT_FALSE(CacheFolder::open(folder.at("cache")));
    std::filesystem::create_directory_symlink(folder.at("cache"), folder.at("link"));
    EXPECT_FALSE(CacheFolder::open(folder.at("link")));
    EXPECT_FALSE(CacheFolder::open(folder.write("file", "x")));
    EXPECT_FALSE(CacheFolder::open(""));
}

TEST(CacheFolder, names_lead_nowhere_else) {
    const TempFolder folder;
    auto cache = *CacheFolder::open(folder.at("cache"));
    for (const char* name : {"", "../x", "a/b", ".x", "a b"}) {
        cache->put(name, "x");
        EXPECT_EQ(cache->get(name), std::nullopt) << name;
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.at("cache")));
}

TEST(CacheFolder, throws_out_the_oldest_when_it_is_full) {
    const TempFolder folder;
    auto cache = *CacheFolder::open(folder.at("cache"), 3000);
    for (int i = 0; i < 10; ++i) {
        cache->put("entry" + std::to_string(i), std::string(800, 'x'));
        timespec old[2] = {{.tv_sec = 1000 + i, .tv_nsec = 0}, {.tv_sec = 1000 + i, .tv_nsec = 0}};
        utimensat(AT_FDCWD, folder.at("cache/entry" + std::to_string(i)).c_str(), old, 0);
    }
    std::uintmax_t held = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.at("cache"))) held += entry.file_size();
    EXPECT_LE(held, 3000U);
    EXPECT_NE(cache->get("entry9"), std::nullopt);
    EXPECT_EQ(cache->get("entry0"), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::world
