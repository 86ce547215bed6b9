// SPDX-License-Identifier: Apache-2.0
#include "world/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>

#include "world/testing/fake_reader.h"

namespace bulkhead::world {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Request> files(int count) {
    std::vector<Request> requests;
    for (int i = 0; i < count; ++i) requests.push_back(file_at("/file/" + std::to_string(i)));
    return requests;
}

TEST(World, reads_each_thing_once) {
    FakeReader reader;
    reader.set("file:/a", "bytes");
    World world(reader);
    const auto first = world.read(file_at("/a"));
    EXPECT_EQ(first->bytes, "bytes");
    EXPECT_EQ(world.read(file_at("/a")), first) << "the same reading, not another of the same bytes";
    world.read_all(std::vector{file_at("/a"), file_at("/a")});
    EXPECT_THAT(reader.asked(), ElementsAre("file:/a"));
    EXPECT_EQ(world.readings_count(), 1U);
}

TEST(World, remembers_failures_too) {
    FakeReader reader;
    World world(reader);
    EXPECT_EQ(world.read(file_at("/a"))->outcome, Outcome::failed);
    EXPECT_EQ(world.read(file_at("/a"))->reason, "not in this world");
    EXPECT_EQ(reader.asked().size(), 1U);
}

TEST(World, the_same_path_in_two_places_is_two_things) {
    FakeReader reader;
    reader.set("file:/a", "host").set("file:/a@root:7", "container");
    World world(reader);
    EXPECT_EQ(world.read(file_at("/a"))->bytes, "host");
    EXPECT_EQ(world.read(file_at("/a", 7))->bytes, "container");
}

TEST(World, reads_once_whatever_number_of_threads_ask) {
    FakeReader reader;
    World world(reader, 4);
    const auto wanted = files(200);
    constexpr int askers = 8;
    std::latch start(askers);
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < askers; ++i) {
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                if (i % 2 == 0) world.prefetch(wanted);
                for (const Request& request : wanted) {
                    if (world.read(request)->locator != locator(request)) ++wrong;
                }
            });
        }
    }
    EXPECT_EQ(wrong, 0);
    const auto asked = reader.asked();
    EXPECT_EQ(asked.size(), wanted.size());
    EXPECT_EQ(std::set<std::string>(asked.begin(), asked.end()).size(), wanted.size());
}

TEST(World, read_all_answers_in_the_order_asked) {
    FakeReader reader;
    World world(reader, 3);
    const auto wanted = files(50);
    const auto readings = world.read_all(wanted);
    ASSERT_EQ(readings.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(readings[i]->locator, locator(wanted[i]));
}

// Holds every read until it is let go.
class SlowReader : public Reader {
  public:
    Reading read(const Request& request) override {
        ++started;
        let_go.wait(false);
        for (int i = 0; i < 100; ++i) std::this_thread::yield();
        return {locator(request), Outcome::present, "", "", 1};
    }
    [[nodiscard]] UnixMs as_of() const override { return 1; }
    std::atomic<int> started = 0;
    std::atomic<bool> let_go = false;
};

TEST(World, its_end_does_not_wait_for_what_nobody_started_to_read) {
    constexpr int many = 20'000;  // far more than one thread reads before the next line of this one runs
    SlowReader reader;
    {
        World world(reader, 1);
        world.prefetch(files(many));
        while (reader.started == 0) std::this_thread::yield();
        reader.let_go = true;
        reader.let_go.notify_all();
    }
    EXPECT_LT(reader.started, many);
}

TEST(World, a_thing_being_read_was_not_read_yet) {
    SlowReader reader;
    World world(reader, 1);
    world.prefetch(files(1));
    EXPECT_EQ(world.read_at("file:/file/0"), 0);
    EXPECT_THAT(world.unreadable(), IsEmpty());
    reader.let_go = true;
    reader.let_go.notify_all();
    world.read(files(1)[0]);
    EXPECT_EQ(world.read_at("file:/file/0"), 1);
    EXPECT_EQ(world.read_at("file:/never"), 0);
}

TEST(World, unreadable_is_what_was_denied_or_failed_but_no_probe_that_nobody_asked_for) {
    FakeReader reader;
    reader.set("file:/present", "x").set_outcome("file:/absent", Outcome::absent).set_outcome("file:/denied", Outcome::denied);
    reader.set_outcome("banner:tcp:[::1]:22", Outcome::failed, std::string(not_probed));
    World world(reader);
    world.read_all(std::vector{file_at("/zfailed"), file_at("/present"), file_at("/absent"), file_at("/denied"), banner_of("::1", 22, 0)});
    std::vector<std::string> locators;
    for (const auto& reading : world.unreadable()) locators.push_back(reading->locator);
    EXPECT_THAT(locators, ElementsAre("file:/denied", "file:/zfailed"));
}

TEST(World, is_about_the_readers_moment) {
    FakeReader reader;
    reader.set_as_of(42);
    EXPECT_EQ(World(reader).as_of(), 42);
}

// Answers images only when it is let go, and everything else at once.
class SlowImages : public Reader {
  public:
    Reading read(const Request& request) override {
        if (request.kind == Kind::image) gate.get_future_copy().wait();
        return {locator(request), Outcome::present, "", "", 1};
    }
    [[nodiscard]] UnixMs as_of() const override { return 1; }
    struct Gate {
        std::promise<void> promise;
        std::shared_future<void> future = promise.get_future().share();
        std::shared_future<void> get_future_copy() const { return future; }
    } gate;
};

TEST(World, images_that_take_long_do_not_hold_up_what_is_quick) {
    SlowImages reader;
    World world(reader, 2);
    std::vector<Request> images;
    for (int i = 0; i < 8; ++i) images.push_back(image_content("sha256:" + std::to_string(i)));
    world.prefetch(images);
    const std::vector<Request> quick = {engine_get("/info"), engine_get("/version")};
    for (const auto& reading : world.read_all(quick)) EXPECT_TRUE(reading->present());
    reader.gate.promise.set_value();
    for (const auto& reading : world.read_all(images)) EXPECT_TRUE(reading->present());
}

}  // namespace
}  // namespace bulkhead::world
