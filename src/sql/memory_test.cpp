// SPDX-License-Identifier: Apache-2.0
// SQLite's memory is bounded without its lock. The counting begins before main, so all tests of this program have it, those of the
// database's limits too.
#include "sql/memory.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <limits>

namespace bulkhead::sql {
namespace {

const bool early = [] {
    count_memory_without_lock();
    return true;
}();

TEST(Memory, no_allocation_goes_beyond_the_limit_and_what_is_freed_may_be_had_again) {
    ASSERT_TRUE(early);
    ASSERT_EQ(sqlite3_initialize(), SQLITE_OK);
    EXPECT_EQ(sqlite3_memory_used(), 0) << "SQLite itself does not count";
    limit_memory(64 << 20);
    void* half = sqlite3_malloc64(40 << 20);
    ASSERT_NE(half, nullptr);
    EXPECT_EQ(sqlite3_malloc64(40 << 20), nullptr);
    EXPECT_EQ(sqlite3_realloc64(half, 80 << 20), nullptr) << "growing counts too; the old memory stays";
    half = sqlite3_realloc64(half, 20 << 20);
    void* rest = sqlite3_malloc64(40 << 20);
    EXPECT_NE(rest, nullptr);
    sqlite3_free(rest);
    sqlite3_free(half);
    void* all = sqlite3_malloc64(60 << 20);
    EXPECT_NE(all, nullptr) << "everything was given back";
    sqlite3_free(all);
    limit_memory(std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace bulkhead::sql
