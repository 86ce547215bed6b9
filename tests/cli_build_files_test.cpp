// SPDX-License-Identifier: Apache-2.0
// Build files as a user gives them: no engine is needed, findings carry their place, mistakes are one line and exit code 2.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/json.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::tests {
namespace {

using testing::HasSubstr;

struct Outcome {
    int exit_code = -1;
    std::string out;  // both streams
};

// No engine answers at this address: a run that asked one would fail.
class BuildFilesCli : public testing::Test {
  protected:
    Outcome run(const std::string& arguments) {
        const std::string command =
            fmt::format("cd '{}' && DOCKER_HOST=unix:///nonexistent/docker.sock '{}' {} 2>&1 </dev/null", folder_.path().string(), BULKHEAD_PROGRAM, arguments);
        FILE* pipe = popen(command.c_str(), "r");
        Outcome outcome;
        std::array<char, 65536> buffer{};
        while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) outcome.out.append(buffer.data(), got);
        const int status = pclose(pipe);
        outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return outcome;
    }

    world::TempFolder folder_;
};

TEST_F(BuildFilesCli, findings_carry_file_line_and_column_and_no_engine_is_asked) {
    folder_.write("Dockerfile", "FROM debian:12\nRUN sudo true\nUSER app\n");
    folder_.write("compose.yaml", "services:\n  web:\n    image: x\n    privileged: true\n");
    const Outcome outcome = run("audit --dockerfile Dockerfile --compose compose.yaml --format json");
    EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
    const auto document = json::Document::parse(outcome.out);
    ASSERT_TRUE(document) << outcome.out;
    std::size_t found = 0;
    for (const json::Value& result : document->root()["results"].items()) {
        EXPECT_EQ(result["layer"].text_or(), "declared") << result.dump();
        const std::string control = result["control"].text_or();
        const std::string place =
            result["dimensions"]["file"].text_or() + ":" + result["dimensions"]["line"].text_or() + ":" + result["dimensions"]["column"].text_or();
        if (control != "dockerfile_1_2" && control != "cis_v160_5_5") continue;
        ++found;
        EXPECT_EQ(place, control == "cis_v160_5_5" ? "compose.yaml:4:5" : "Dockerfile:2:5");
    }
    EXPECT_EQ(found, 2U);
    EXPECT_GT(document->root()["left_out"].integer_or(0), 0) << "controls of hosts are left out and counted";
    EXPECT_THAT(run("audit --dockerfile Dockerfile").out, HasSubstr("left out"));
    EXPECT_THAT(run("audit dockerfile_1_2 --dockerfile Dockerfile --format csv").out, HasSubstr("Dockerfile,2,5"));
}

TEST_F(BuildFilesCli, people_see_the_place_of_a_finding_as_compilers_write_it) {
    folder_.write("Dockerfile", "FROM debian:12\nRUN sudo true\nUSER app\n");
    folder_.write("compose.yaml", "services:\n  web:\n    image: x\n    privileged: true\n");
    for (const char* columns : {"80", "200"}) {
        setenv("COLUMNS", columns, 1);
        const Outcome outcome = run("audit dockerfile_1_2 cis_v160_5_5 --dockerfile Dockerfile --compose compose.yaml");
        unsetenv("COLUMNS");
        EXPECT_THAT(outcome.out, HasSubstr("Dockerfile:2:5")) << columns;
        EXPECT_THAT(outcome.out, HasSubstr("web (compose.yaml:4:5)")) << columns;
        EXPECT_TRUE(outcome.out.starts_with("Build files Dockerfile, compose.yaml\n")) << outcome.out;
    }
}

TEST_F(BuildFilesCli, dockerfiles_that_services_build_are_judged_and_what_cannot_be_followed_is_unknown) {
    std::filesystem::create_directory(folder_.path() / "app");
    folder_.write("app/Dockerfile", "FROM debian:12\nRUN sudo true\nUSER app\n");
    folder_.write("compose.yaml", "services:\n  web:\n    build: app\n  far:\n    build: ../elsewhere\n");
    const Outcome outcome = run("audit dockerfile_1_2 --compose compose.yaml");
    EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
    EXPECT_THAT(outcome.out, HasSubstr("app/Dockerfile:2:5"));
    EXPECT_THAT(outcome.out, HasSubstr("UNKNOWN"));
    EXPECT_THAT(outcome.out, HasSubstr("far: could not read compose:compose.yaml:5:12"));
}

TEST_F(BuildFilesCli, a_file_that_cannot_be_read_or_parsed_is_an_error_with_its_place) {
    folder_.write("Dockerfile", "FROM debian:12\nINSTALL curl\n");
    folder_.write("compose.yaml", "services:\n  web: {image: x, privileged: maybe}\n");
    for (const auto& [arguments, part] :
         {std::pair("--dockerfile none", "none: there is no such file"), std::pair("--dockerfile Dockerfile", "Dockerfile:2:1: unknown instruction INSTALL"),
          std::pair("--compose compose.yaml", "compose.yaml:2:31: privileged must be true or false"), std::pair("--compose .", "not a regular file")}) {
        const Outcome outcome = run(std::string("audit ") + arguments);
        EXPECT_EQ(outcome.exit_code, 2) << arguments;
        EXPECT_THAT(outcome.out, HasSubstr(part)) << arguments;
    }
}

TEST_F(BuildFilesCli, controls_that_cannot_judge_what_is_given_are_an_error_when_none_is_left) {
    folder_.write("Dockerfile", "FROM scratch\n");
    EXPECT_THAT(run("audit csvs_7_6 --dockerfile Dockerfile").out, HasSubstr("none of these controls can judge build files"));
}

TEST_F(BuildFilesCli, ignores_need_reason_and_expiry_and_can_be_refused) {
    folder_.write("Dockerfile",
                  "FROM debian:12\n# bulkhead ignore=dockerfile_1_2 reason=\"until the base has it\" expires=2999-12-31\nRUN sudo true\nUSER app\n");
    const Outcome ignored = run("audit dockerfile_1_2 --dockerfile Dockerfile --format json");
    EXPECT_EQ(ignored.exit_code, 0) << ignored.out;
    EXPECT_THAT(ignored.out, HasSubstr("Ignored until 2999-12-31: until the base has it"));
    EXPECT_EQ(run("audit dockerfile_1_2 --dockerfile Dockerfile --no-inline-ignores").exit_code, 1);
    folder_.write("Dockerfile", "FROM debian:12\n# bulkhead ignore=dockerfile_1_2 reason=r expires=2020-01-01\nRUN sudo true\n");
    EXPECT_THAT(run("audit dockerfile_1_2 --dockerfile Dockerfile").out, HasSubstr("expired on 2020-01-01"));
    folder_.write("Dockerfile", "FROM debian:12\n# bulkhead ignore=dockerfile_1_2\nRUN sudo true\n");
    const Outcome bare = run("audit dockerfile_1_2 --dockerfile Dockerfile");
    EXPECT_EQ(bare.exit_code, 2);
    EXPECT_THAT(bare.out, HasSubstr("Dockerfile:2:1: an ignore needs reason"));
}

TEST_F(BuildFilesCli, several_compose_files_profiles_and_variables) {
    folder_.write("a.yaml", "services:\n  web: {image: 'x:${TAG}'}\n  debug: {image: y, profiles: [debug]}\n");
    folder_.write("b.yaml", "services:\n  web: {user: '${WHO}'}\n");
    folder_.write("my.env", "TAG=7\n");
    const std::string query = " \"select service, image, user, active from compose_service\" --format csv";
    EXPECT_THAT(run("query --compose a.yaml --compose b.yaml --env-file my.env" + query).out, HasSubstr("web,x:7,,1"));
    EXPECT_THAT(run("query --compose a.yaml --profile debug" + query).out, HasSubstr("debug,y,,1"));
    EXPECT_THAT(run("query --compose a.yaml" + query).out, HasSubstr("debug,y,,0"));
    setenv("WHO", "me", 1);
    EXPECT_THAT(run("query --compose a.yaml --compose b.yaml" + query).out, HasSubstr("web,,,1")) << "the environment counts only on request";
    EXPECT_THAT(run("query --compose a.yaml --compose b.yaml --use-environment" + query).out, HasSubstr(",me,1"));
    unsetenv("WHO");
}

TEST_F(BuildFilesCli, a_snapshot_keeps_the_files) {
    folder_.write("Dockerfile", "FROM debian:12\nRUN sudo true\n");
    EXPECT_EQ(run("audit dockerfile_1_2 --dockerfile Dockerfile --save-snapshot s").exit_code, 1);
    folder_.write("Dockerfile", "FROM scratch\n");
    EXPECT_THAT(run("query --from s --dockerfile Dockerfile \"select source from dockerfile_instruction\"").out, HasSubstr("RUN sudo true"));
}

}  // namespace
}  // namespace bulkhead::tests
