// SPDX-License-Identifier: Apache-2.0
#include "build/compose_builds.h"

#include <gtest/gtest.h>

namespace bulkhead::build {
namespace {

struct Given {
    Project project;
    ComposeInput input;
    std::vector<ServiceBuild> builds;
};

std::unique_ptr<Given> given(const std::string& file, const std::string& text) {
    auto made = std::make_unique<Given>();
    made->input.files = {file};
    const auto read = [&](const std::string& path) -> Result<std::string> {
        if (path == file) return text;
        return fail(Code::not_found, "no such file");
    };
    auto project = load_compose(made->input, read);
    EXPECT_TRUE(project) << project.error().message;
    if (project) made->project = std::move(*project);
    made->builds = service_builds(made->project, made->input);
    return made;
}

std::string path_of(const std::string& file, const std::string& build) {
    const auto made = given(file, "services: {web: {build: " + build + "}}\n");
    return made->builds.at(0).problem.empty() ? made->builds[0].path : "problem";
}

TEST(compose_builds, a_dockerfile_lies_beside_its_context_and_inside_the_project) {
    EXPECT_EQ(path_of("c.yaml", "."), "Dockerfile");
    EXPECT_EQ(path_of("a/c.yaml", "./app"), "a/app/Dockerfile");
    EXPECT_EQ(path_of("/srv/a/c.yaml", "{context: app, dockerfile: ../other/D}"), "/srv/a/other/D");
    EXPECT_EQ(path_of("../a/c.yaml", "app"), "../a/app/Dockerfile");
    EXPECT_EQ(path_of("/srv/a/c.yaml", "/srv/a/b"), "/srv/a/b/Dockerfile");
}

TEST(compose_builds, what_leads_out_of_the_project_is_a_problem) {
    EXPECT_EQ(path_of("a/c.yaml", ".."), "problem");
    EXPECT_EQ(path_of("c.yaml", "../x"), "problem");
    EXPECT_EQ(path_of("c.yaml", "{context: app, dockerfile: ../../D}"), "problem");
    EXPECT_EQ(path_of("c.yaml", "/etc"), "problem");
    EXPECT_EQ(path_of("/srv/a/c.yaml", "/srv/ab"), "problem");
    EXPECT_EQ(path_of("../a/c.yaml", "../b"), "problem");
    EXPECT_EQ(path_of("c.yaml", "\"https://example.org/x.git#main\""), "problem");
    EXPECT_EQ(path_of("c.yaml", "git@example.org:x"), "problem");
    EXPECT_EQ(path_of("c.yaml", "{context: $WHERE}"), "problem");
    EXPECT_EQ(path_of("c.yaml", "{context: ., target: $STAGE}"), "problem");
}

TEST(compose_builds, arguments_that_builds_do_not_agree_on_are_not_known) {
    const auto made =
        given("c.yaml", "services:\n  a: {build: {context: ., args: {X: 1, Y: 2, Z: $NOPE, W: }}}\n  b: {build: {context: ., args: [X=1, Y=3], target: t}}\n");
    ASSERT_EQ(made->builds.size(), 2U);
    const BuildGiven both = given_by({&made->builds[0], &made->builds[1]}, false);
    EXPECT_EQ(both.args.at("X").text, "1");
    EXPECT_TRUE(both.args.at("X").known);
    EXPECT_FALSE(both.args.at("Y").known);
    EXPECT_FALSE(both.args.at("Z").known);
    EXPECT_FALSE(both.args.at("W").known);
    EXPECT_EQ(both.targets, (std::vector<std::string>{"", "t"}));
    EXPECT_FALSE(given_by({&made->builds[0]}, true).args.at("X").known) << "a build by hand gives none";
    EXPECT_TRUE(given_by({}, true).args.empty());
}

TEST(compose_builds, lines_of_a_block_stand_where_they_are) {
    const std::string text = "services:\n  web:\n    build:\n      dockerfile_inline: |\n\n        FROM x\n        USER y\n";
    const auto made = given("c.yaml", text);
    ASSERT_NE(made->builds.at(0).written, nullptr);
    EXPECT_EQ(place_of_lines(*made->builds[0].written, text), (Position{5, 9}));
    EXPECT_EQ(made->builds[0].written->text, "\nFROM x\nUSER y\n");
    Tree quoted = *made->builds[0].written;
    quoted.place.at = {2, 3};
    EXPECT_EQ(place_of_lines(quoted, text), (Position{})) << "no block, and several lines";
    quoted.text = "FROM x";
    EXPECT_EQ(place_of_lines(quoted, text), (Position{2, 3}));
    quoted.place.at = {99, 1};
    EXPECT_EQ(place_of_lines(quoted, text), (Position{}));
}

}  // namespace
}  // namespace bulkhead::build
