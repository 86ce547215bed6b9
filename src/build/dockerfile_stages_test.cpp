// SPDX-License-Identifier: Apache-2.0
#include "build/dockerfile_stages.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

// The Dockerfile has to live as long as what was made of it.
struct Whole {
    Dockerfile file;
    Resolved resolved;
};

std::unique_ptr<Whole> whole(std::string_view text) {
    auto dockerfile = parse_dockerfile(text, "D");
    EXPECT_TRUE(dockerfile) << dockerfile.error().message;
    auto made = std::make_unique<Whole>();
    if (dockerfile) made->file = std::move(*dockerfile);
    made->resolved = resolve(made->file);
    return made;
}

TEST(dockerfile_stages, stages_have_names_numbers_and_bases) {
    const auto given =
        whole("FROM golang:1 AS Build\nUSER dev\nFROM build AS test\nFROM scratch\nCOPY --from=build /x /x\nRUN --mount=type=bind,from=1,target=/t y\n");
    const auto& stages = given->resolved.stages;
    ASSERT_EQ(stages.size(), 3U);
    EXPECT_EQ(stages[0].name, "build");
    EXPECT_EQ(stages[1].base_stage, 0);
    EXPECT_EQ(stages[1].user->text, "dev");
    EXPECT_EQ(stages[2].base_stage, -1);
    EXPECT_EQ(stages[2].uses, (std::vector<int>{0, 1}));
    EXPECT_TRUE(stages[2].is_final);
    EXPECT_FALSE(stages[0].in_final);
    EXPECT_FALSE(stages[2].user);
    EXPECT_EQ(stages[0].end_line, 2);
}

TEST(dockerfile_stages, the_target_is_what_is_built) {
    const auto file = parse_dockerfile("FROM a AS One\nFROM one AS two\nFROM b\n", "D");
    ASSERT_TRUE(file);
    const auto built = resolve(*file, {.targets = {"TWO"}}).stages;
    EXPECT_TRUE(built[1].is_final && built[1].in_final && built[0].in_final && !built[0].is_final);
    EXPECT_FALSE(built[2].is_final || built[2].in_final);
    EXPECT_TRUE(resolve(*file, {.targets = {"0"}}).stages[0].is_final);
    EXPECT_EQ(find_target(built, "three"), -1);
    EXPECT_EQ(find_target(built, "3"), -1);
    EXPECT_EQ(find_target(built, ""), 2);
}

TEST(dockerfile_stages, arguments_and_contexts_of_the_caller_win) {
    const auto file = parse_dockerfile("ARG TAG=1\nFROM a:$TAG\nARG WHO=app\nARG ELSE\nUSER $WHO\nFROM base\n", "D");
    ASSERT_TRUE(file);
    const auto made = resolve(*file, {.args = {{"TAG", {"2", true}}, {"WHO", {"", false}}}, .contexts = {"base"}});
    EXPECT_EQ(made.stages[0].image.text, "a:2");
    EXPECT_FALSE(made.stages[0].user->known);
    EXPECT_FALSE(made.stages[1].image.known) << "it stands for something else";
}

TEST(dockerfile_stages, images_are_all_that_is_taken_from) {
    const auto given =
        whole("FROM a AS one\nFROM scratch\nCOPY --from=one /x /x\nCOPY --from=0 /x /x\nCOPY --from=b:1 /x /x\nRUN --mount=type=bind,from=c,target=/t y\n");
    std::vector<std::string> names;
    for (const ImageUse& use : given->resolved.images) names.push_back(use.image.text);
    EXPECT_EQ(names, (std::vector<std::string>{"a", "b:1", "c"}));
    EXPECT_EQ(given->resolved.images[1].stage, 1);
    EXPECT_EQ(given->resolved.images[1].instruction->at.line, 5);
}

TEST(dockerfile_stages, a_stage_built_upon_another_is_all_in_the_final_image) {
    const auto given = whole("FROM a AS one\nHEALTHCHECK CMD x\nFROM b AS two\nFROM one\n");
    EXPECT_TRUE(given->resolved.stages[0].in_final);
    EXPECT_FALSE(given->resolved.stages[1].in_final);
    ASSERT_NE(given->resolved.stages[2].healthcheck, nullptr);
    EXPECT_EQ(given->resolved.stages[2].healthcheck->at.line, 2);
}

TEST(dockerfile_stages, arg_before_from_is_for_from_lines_and_where_it_is_declared_again) {
    const auto given = whole("ARG TAG=3.20\nARG IMAGE=alpine:${TAG}\nFROM $IMAGE\nUSER ${TAG:-none}\nARG TAG\nUSER u$TAG\n");
    EXPECT_EQ(given->resolved.stages[0].image.text, "alpine:3.20");
    EXPECT_TRUE(given->resolved.stages[0].image.known);
    EXPECT_EQ(given->resolved.stages[0].user->text, "u3.20");
    EXPECT_TRUE(given->resolved.stages[0].user->known);
    EXPECT_FALSE(given->resolved.args[3][0].known) << "the base image might set TAG";
}

TEST(dockerfile_stages, what_only_the_build_knows_is_unknown) {
    EXPECT_FALSE(whole("ARG BASE\nFROM $BASE\n")->resolved.stages[0].image.known);
    EXPECT_FALSE(whole("FROM base-$TARGETARCH\n")->resolved.stages[0].image.known);
    EXPECT_FALSE(whole("FROM a\nUSER $APP_USER\n")->resolved.stages[0].user->known);
    EXPECT_TRUE(whole("FROM scratch\nENV U=1000\nUSER $U\n")->resolved.stages[0].user->known);
    EXPECT_TRUE(whole("ARG BASE\nFROM ${BASE:-alpine}\n")->resolved.stages.size() == 1U);
}

TEST(dockerfile_stages, env_wins_over_arg_and_sees_itself_as_it_was) {
    const auto given = whole("FROM scratch\nARG A=arg\nENV A=env\nENV A=new B=$A\nUSER $A-$B\n");
    EXPECT_EQ(given->resolved.stages[0].user->text, "new-env");
}

TEST(dockerfile_stages, a_growing_variable_stops_at_the_limit) {
    std::string text = "FROM scratch\nENV A=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n";
    for (int i = 0; i < 40; ++i) text += "ENV A=$A$A\n";
    text += "USER $A\n";
    const auto given = whole(text);
    EXPECT_FALSE(given->resolved.stages[0].user->known);
    EXPECT_LE(given->resolved.stages[0].user->text.size(), 2 * expanded_bytes_max);
}

TEST(dockerfile_stages, names_of_images_come_apart) {
    const ImageName name = split_image("localhost:5000/a/b:1@sha256:00");
    EXPECT_EQ(name.name, "localhost:5000/a/b");
    EXPECT_EQ(name.tag, "1");
    EXPECT_EQ(name.digest, "sha256:00");
    EXPECT_EQ(split_image("localhost:5000/a").tag, "");
}

}  // namespace
}  // namespace bulkhead::build
