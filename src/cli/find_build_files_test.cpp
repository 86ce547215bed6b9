// SPDX-License-Identifier: Apache-2.0
#include "cli/find_build_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world/testing/temp_folder.h"

namespace bulkhead::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FindBuildFiles, by_the_names_that_docker_and_compose_give_them) {
    const world::TempFolder folder;
    for (const char* name :
         {"Dockerfile", "Dockerfile.web", "web/api.Dockerfile", "web/Dockerfile.dockerignore", "Dockerfile.j2", ".git/Dockerfile", "node_modules/x/Dockerfile",
          "docker-compose.yml", "compose.yaml", "compose.override.yml", "docker-compose.override.yml", "web/compose.yaml", "README.md"}) {
        folder.write(name, "x");
    }
    const std::string path = folder.path().string();
    const auto found = find_build_files(path);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(found->dockerfiles, ElementsAre(path + "/Dockerfile", path + "/Dockerfile.web", path + "/web/api.Dockerfile"));
    EXPECT_THAT(found->compose, ElementsAre(path + "/compose.yaml", path + "/compose.override.yml")) << "the first name goes before the others";
}

TEST(FindBuildFiles, links_that_lead_round_in_circles_are_not_followed) {
    const world::TempFolder folder;
    folder.write("a/Dockerfile", "x");
    std::filesystem::create_directory_symlink(folder.path(), folder.path() / "a" / "round");
    const auto found = find_build_files(folder.path().string());
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(found->dockerfiles, testing::SizeIs(1));
}

TEST(FindBuildFiles, what_cannot_be_looked_at_is_an_error_and_not_left_out) {
    const world::TempFolder folder;
    EXPECT_EQ(find_build_files(folder.at("none")).error().code, Code::not_found);
    EXPECT_THAT(find_build_files(folder.path().string())->dockerfiles, IsEmpty());
    std::string deep;
    for (int i = 0; i <= find_depth_max; ++i) deep += "d/";
    folder.write(deep + "Dockerfile", "x");
    EXPECT_EQ(find_build_files(folder.path().string()).error().code, Code::limit_exceeded);
}

TEST(FindBuildFiles, templates_and_ignore_files_are_no_dockerfiles) {
    for (const char* name : {"Dockerfile", "dockerfile", "Dockerfile.alpine", "app.dockerfile", "Containerfile"}) EXPECT_TRUE(is_dockerfile_name(name)) << name;
    for (const char* name : {"Dockerfile.dockerignore", "Dockerfile.md", "Dockerfile.tmpl", "Dockerfile~", "Dockerfiles", "my-dockerfile"})
        EXPECT_FALSE(is_dockerfile_name(name)) << name;
}

}  // namespace
}  // namespace bulkhead::cli
