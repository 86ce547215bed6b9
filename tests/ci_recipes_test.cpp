// SPDX-License-Identifier: Apache-2.0
// The recipes of docs/ci.md: each command line of them that starts with bulkhead is run as it stands there, over a project like those it is
// written for, and leaves the files that the recipe then hands on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <yaml-cpp/yaml.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "image/testing/tar_maker.h"
#include "world/testing/temp_folder.h"

namespace bulkhead::tests {
namespace {

std::string slurp(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

const std::filesystem::path source = BULKHEAD_SOURCE_DIR;

// Lines that a shell of the recipe runs and that begin with bulkhead; of YAML also list items and values.
std::vector<std::string> command_lines(const std::string& text) {
    std::vector<std::string> found;
    for (const std::string_view line : text::lines(text)) {
        std::string_view rest = text::trim(line);
        for (const std::string_view start : {"- ", "entry: ", "run: "}) {
            if (rest.starts_with(start)) rest.remove_prefix(start.size());
        }
        if (rest.starts_with("bulkhead ")) found.emplace_back(rest);
    }
    return found;
}

// A project with flaws, as its pipeline sees it: with the image that was built of it, and the report of its main branch.
class CiRecipes : public testing::Test {
  protected:
    void SetUp() override {
        image::TarMaker layer;
        layer.file("usr/bin/su", "x", 04755);
        (void)folder_.write("project/app.tar", image::ImageMaker{.layers = {layer.take()}, .config = R"("User":"")", .history = "[]"}.docker_save());
        (void)folder_.write("project/Dockerfile", "FROM debian:12\nRUN sudo true\nUSER app\n");
        (void)folder_.write("project/compose.yaml", "services:\n  web:\n    image: x\n    privileged: true\n");
        (void)folder_.write("project/exceptions.yaml", "[]\n");
        (void)folder_.write("project/main.json", "{\"schema\": \"bulkhead.audit/1\", \"results\": []}\n");
        std::filesystem::create_directories(folder_.path() / "bin");
        std::filesystem::create_symlink(BULKHEAD_PROGRAM, folder_.path() / "bin" / "bulkhead");
    }
    // The exit code; what it said is in `said`.
    int run(const std::string& line, std::string& said) {
        const std::string command =
            fmt::format("cd '{}' && PATH='{}':$PATH DOCKER_HOST=unix:///nonexistent/docker.sock sh -euc '{}' >'{}' 2>&1 </dev/null", folder_.at("project"),
                        folder_.at("bin"), std::regex_replace(line, std::regex("'"), R"('\'')"), folder_.at("out"));
        const int status = std::system(command.c_str());
        said = folder_.read("out");
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    void check_recipe(const std::string& name, const std::vector<std::string>& files) {
        SCOPED_TRACE(name);
        const std::string text = slurp(source / name);
        const auto lines = command_lines(text);
        EXPECT_FALSE(lines.empty());
        for (const std::string& line : lines) {
            std::string said;
            const int code = run(line, said);
            // The project has flaws, none of them newer than the report that a line above wrote, and nothing else is wrong.
            const bool passes = line.find("--fail-on never") != std::string::npos || line.find("--fail-on new") != std::string::npos;
            EXPECT_EQ(code, passes ? 0 : 1) << line << '\n' << said;
        }
        for (const std::string& file : files) {
            EXPECT_NE(text.find(file), std::string::npos) << file;
            EXPECT_GT(std::filesystem::file_size(folder_.path() / "project" / file), 0U) << file;
        }
    }

    world::TempFolder folder_;
};

TEST_F(CiRecipes, of_github_actions_run) {
    check_recipe("docs/ci/github-actions.yml", {"main.json", "bulkhead.sarif", "bulkhead.md"});
    EXPECT_TRUE(YAML::LoadFile(source / "docs/ci/github-actions.yml")["jobs"]["containers"]["steps"].IsSequence());
}

TEST_F(CiRecipes, of_gitlab_run) {
    check_recipe("docs/ci/gitlab-ci.yml", {"gl-code-quality-report.json", "bulkhead-junit.xml"});
    EXPECT_TRUE(YAML::LoadFile(source / "docs/ci/gitlab-ci.yml")["bulkhead"]["script"].IsSequence());
}

TEST_F(CiRecipes, of_jenkins_run) { check_recipe("docs/ci/Jenkinsfile", {"bulkhead-junit.xml", "bulkhead.html"}); }

TEST_F(CiRecipes, the_hook_of_pre_commit_runs_for_build_files) {
    check_recipe(".pre-commit-hooks.yaml", {});
    const YAML::Node hook = YAML::LoadFile(source / ".pre-commit-hooks.yaml")[0];
    std::string pattern = hook["files"].as<std::string>();
    ASSERT_TRUE(pattern.starts_with("(?i)")) << "std::regex says it otherwise";
    const std::regex files(pattern.substr(4), std::regex::icase);
    for (const char* name :
         {"Dockerfile", "web/Dockerfile", "web/Dockerfile.prod", "api.dockerfile", "Containerfile", "compose.yaml", "docker-compose.override.yml"})
        EXPECT_TRUE(std::regex_search(name, files)) << name;
    for (const char* name : {"src/main.cpp", "docs/compose.md", "Dockerfiles/x.txt", "decompose.yaml"}) EXPECT_FALSE(std::regex_search(name, files)) << name;
}

TEST_F(CiRecipes, of_the_guide_run) { check_recipe("docs/ci.md", {"main.json"}); }

}  // namespace
}  // namespace bulkhead::tests
