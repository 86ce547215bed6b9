// SPDX-License-Identifier: Apache-2.0
#include "build/build_files.h"

#include <gtest/gtest.h>

#include "world/testing/fake_reader.h"

namespace bulkhead::build {
namespace {

TEST(build_files, are_read_through_the_world_and_once) {
    world::FakeReader reader;
    reader.set("file:D", "FROM a\n").set("file:c.yaml", "services: {web: {image: x}}\n");
    reader.set_outcome("file:.env", world::Outcome::absent);
    world::World world(reader, 1);
    BuildFiles files(world);
    files.give({.dockerfiles = {"D"}, .compose = {.files = {"c.yaml"}}});
    EXPECT_TRUE(files.check());
    EXPECT_EQ(files.dockerfiles()[0]->resolved.stages.size(), 1U);
    ASSERT_NE(files.project(), nullptr);
    EXPECT_EQ(files.project()->model.find("services")->keys.size(), 1U);
    EXPECT_EQ(reader.asked().size(), 3U);
}

TEST(build_files, what_cannot_be_read_is_a_problem_and_not_empty) {
    world::FakeReader reader;
    reader.set_outcome("file:D", world::Outcome::denied).set("file:E", "RUN x\n").set("file:c.yaml", "services: {web: {image: x}}\n");
    world::World world(reader, 1);
    BuildFiles files(world);
    files.give({.dockerfiles = {"D", "E"}, .compose = {.files = {"c.yaml"}}});
    EXPECT_EQ(files.dockerfiles()[0]->problem, "D: as the test says");
    EXPECT_EQ(files.dockerfiles()[1]->problem.substr(0, 6), "E:1:1:");
    EXPECT_EQ(files.project(), nullptr) << "its .env could not be read";
    EXPECT_FALSE(files.compose_problem().empty());
    EXPECT_FALSE(files.check());
}

TEST(build_files, nothing_named_is_nothing_read) {
    world::FakeReader reader;
    world::World world(reader, 1);
    BuildFiles files(world);
    EXPECT_TRUE(files.check());
    EXPECT_TRUE(files.dockerfiles().empty());
    EXPECT_EQ(files.project(), nullptr);
    EXPECT_TRUE(reader.asked().empty());
}

TEST(build_files, a_place_in_a_file_rests_on_the_reading_of_the_file) {
    EXPECT_EQ(reading_of("compose:a:b/c.yaml:3:14"), "file:a:b/c.yaml");
    EXPECT_EQ(reading_of("dockerfile:D:1:1"), "file:D");
    EXPECT_EQ(reading_of("engine:/info"), "engine:/info");
}

}  // namespace
}  // namespace bulkhead::build
