// SPDX-License-Identifier: Apache-2.0
// Rows are made once, whoever asks first, and each question has its own.
#include "sql/made_rows.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace bulkhead::sql {
namespace {

MadeRows with_size(std::size_t size) {
    return {{size, [](std::size_t, std::size_t) { return tables::Cell{}; }}, {}};
}

TEST(RowStore, many_threads_make_rows_once) {
    RowStore store;
    std::atomic<int> made = 0;
    std::atomic<std::size_t> seen = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                seen += store
                            .get("t", {},
                                 [&] {
                                     ++made;
                                     std::this_thread::sleep_for(std::chrono::milliseconds(20));
                                     return with_size(3);
                                 })
                            ->rows.size;
            });
        }
    }
    EXPECT_EQ(made, 1);
    EXPECT_EQ(seen, 24U);
}

TEST(RowStore, each_question_has_its_own_rows) {
    RowStore store;
    EXPECT_EQ(store.get("t", {}, [] { return with_size(1); })->rows.size, 1U);
    EXPECT_EQ(store.get("t", {{"path", "/a"}}, [] { return with_size(2); })->rows.size, 2U);
    EXPECT_EQ(store.get("u", {}, [] { return with_size(3); })->rows.size, 3U);
    EXPECT_EQ(store.get("t", {{"path", "/a"}}, [] { return with_size(9); })->rows.size, 2U);
}

TEST(RowStore, a_failure_reaches_everybody_who_asks) {
    RowStore store;
    const auto broken = []() -> MadeRows { throw std::runtime_error("no memory"); };
    EXPECT_THROW(store.get("t", {}, broken), std::runtime_error);
    EXPECT_THROW(store.get("t", {}, [] { return with_size(1); }), std::runtime_error);
}

}  // namespace
}  // namespace bulkhead::sql
