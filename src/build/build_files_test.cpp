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

TEST(build_files, what_services_build_is_followed_once_and_a_problem_is_theirs) {
    world::FakeReader reader;
    reader.set("file:c.yaml",
               "services: {a: {build: app}, b: {build: {context: ./app, target: t}}, c: {build: gone}, d: {build: {context: app, target: none}}}\n");
    reader.set("file:app/Dockerfile", "FROM x AS t\nFROM y\n")
        .set_outcome("file:gone/Dockerfile", world::Outcome::absent)
        .set_outcome("file:.env", world::Outcome::absent);
    world::World world(reader, 1);
    BuildFiles files(world);
    files.give({.compose = {.files = {"c.yaml"}}});
    EXPECT_TRUE(files.check()) << "what was only followed ends no audit";
    ASSERT_EQ(files.dockerfiles().size(), 1U);
    const auto& stages = files.dockerfiles()[0]->resolved.stages;
    EXPECT_TRUE(stages[0].is_final && stages[1].is_final) << "one service builds each";
    EXPECT_EQ(files.builds()[0].dockerfile, 0);
    EXPECT_EQ(files.builds()[1].dockerfile, 0);
    EXPECT_EQ(files.builds()[2].problem, "gone/Dockerfile: there is no such file");
    EXPECT_EQ(files.builds()[3].problem, "app/Dockerfile has no stage none to build");
}

TEST(build_files, a_named_dockerfile_is_read_once_and_may_lie_anywhere) {
    world::FakeReader reader;
    reader.set("file:c.yaml", "services: {a: {build: ../b}}\n").set("file:../b/Dockerfile", "FROM x\n").set_outcome("file:.env", world::Outcome::absent);
    world::World world(reader, 1);
    BuildFiles files(world);
    files.give({.dockerfiles = {"../b/Dockerfile"}, .compose = {.files = {"c.yaml"}}});
    EXPECT_EQ(files.dockerfiles().size(), 1U);
    EXPECT_EQ(files.builds()[0].problem, "");
}

TEST(build_files, more_dockerfiles_than_the_bound_are_told) {
    std::string text = "services:\n";
    world::FakeReader reader;
    for (std::size_t i = 0; i <= followed_dockerfiles_max; ++i) {
        text += "  s" + std::to_string(i) + ": {build: d" + std::to_string(i) + "}\n";
        reader.set("file:d" + std::to_string(i) + "/Dockerfile", "FROM x\n");
    }
    reader.set("file:c.yaml", text).set_outcome("file:.env", world::Outcome::absent);
    world::World world(reader, 1);
    BuildFiles files(world);
    files.give({.compose = {.files = {"c.yaml"}}});
    EXPECT_EQ(files.dockerfiles().size(), followed_dockerfiles_max);
    EXPECT_EQ(files.builds().back().problem, "more than 64 Dockerfiles are built: name d64/Dockerfile with --dockerfile");
}

TEST(build_files, a_dockerfile_in_a_compose_file_has_its_places_there) {
    world::FakeReader reader;
    reader.set("file:c.yaml", "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM x\n        RUN a && \\\n          b\n")
        .set_outcome("file:.env", world::Outcome::absent);
    world::World world(reader, 1);
    BuildFiles files(world);
    files.give({.compose = {.files = {"c.yaml"}}});
    ASSERT_EQ(files.dockerfiles().size(), 1U);
    EXPECT_EQ(files.dockerfiles()[0]->path, "c.yaml");
    EXPECT_EQ(files.dockerfiles()[0]->dockerfile.instructions.at(1).at, (Position{6, 9}));
    EXPECT_EQ(files.dockerfiles()[0]->dockerfile.instructions.at(1).end_line, 7);
}

TEST(build_files, a_place_in_a_file_rests_on_the_reading_of_the_file) {
    EXPECT_EQ(reading_of("compose:a:b/c.yaml:3:14"), "file:a:b/c.yaml");
    EXPECT_EQ(reading_of("dockerfile:D:1:1"), "file:D");
    EXPECT_EQ(reading_of("engine:/info"), "engine:/info");
}

}  // namespace
}  // namespace bulkhead::build
