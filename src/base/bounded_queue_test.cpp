// SPDX-License-Identifier: Apache-2.0
#include "base/bounded_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace bulkhead {
namespace {

using std::chrono::milliseconds;

TEST(BoundedQueue, gives_everything_in_order_and_drops_and_counts_what_is_too_much) {
    BoundedQueue<int> queue(3);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(queue.put(i), i < 3);
    EXPECT_EQ(queue.dropped(), 2u);
    std::vector<int> taken{9};
    queue.take_all(taken, milliseconds(0));
    EXPECT_EQ(taken, (std::vector<int>{0, 1, 2}));
    EXPECT_TRUE(queue.put(7));
    EXPECT_EQ(queue.size(), 1u);
}

TEST(BoundedQueue, empty_one_waits_and_then_gives_nothing) {
    BoundedQueue<std::unique_ptr<int>> queue(3);
    std::vector<std::unique_ptr<int>> taken;
    queue.take_all(taken, milliseconds(5));
    EXPECT_TRUE(taken.empty());
}

TEST(BoundedQueue, wakes_who_waits_when_something_comes_and_when_it_is_closed) {
    BoundedQueue<int> queue(3);
    std::vector<int> taken;
    {
        const std::jthread other([&] { queue.put(1); });
        queue.take_all(taken, milliseconds(60'000));
    }
    EXPECT_EQ(taken, std::vector<int>{1});
    {
        const std::jthread other([&] { queue.close(); });
        queue.take_all(taken, milliseconds(60'000));
    }
    EXPECT_TRUE(taken.empty());
    EXPECT_FALSE(queue.put(2));
    EXPECT_TRUE(queue.closed());
}

}  // namespace
}  // namespace bulkhead
