// SPDX-License-Identifier: Apache-2.0
// The build files that the caller named, read through the world once and parsed once. Owned by one thread, as the facts it is part of.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "build/compose_builds.h"
#include "build/ignore.h"
#include "world/world.h"

namespace bulkhead::build {

struct BuildInput {
    std::vector<std::string> dockerfiles;
    ComposeInput compose;
    bool refuse_ignores = false;

    [[nodiscard]] bool any() const { return !dockerfiles.empty() || !compose.files.empty(); }
};

struct DockerfileSource {
    std::string path;
    Dockerfile dockerfile;
    Resolved resolved;
    std::string problem;      // not empty: it could not be read or parsed, and why
    bool is_written = false;  // in a Compose file, which is then its path

    [[nodiscard]] std::string locator(Position at) const { return "dockerfile:" + text_of(path, at); }
};

class BuildFiles {
  public:
    explicit BuildFiles(world::World& world) : world_(world) {}

    void give(BuildInput input) { input_ = std::move(input); }
    [[nodiscard]] const BuildInput& input() const { return input_; }

    // Those that were named, then those that services of the Compose files build.
    const std::vector<std::unique_ptr<DockerfileSource>>& dockerfiles();
    // What services build, and which of it could not be followed.
    const std::vector<ServiceBuild>& builds();
    // Nothing: no Compose file was named, or it could not be read: compose_problem() says which.
    const Project* project();
    const std::string& compose_problem();
    // Errors: an ignore without reason or expiry, a file that cannot be read.
    Result<std::vector<Ignore>> ignores();
    // What is wrong with any of the files: the first.
    Result<void> check();

  private:
    Result<std::string> read(const std::string& path);
    std::unique_ptr<DockerfileSource> load(const std::string& path, const BuildGiven& given);
    void load_compose_once();
    void load_dockerfiles_once();
    void follow(const std::string& path, const std::vector<ServiceBuild*>& users);
    void follow_written(ServiceBuild& build);
    void take(std::unique_ptr<DockerfileSource> source, const std::vector<ServiceBuild*>& users);

    world::World& world_;
    BuildInput input_;
    bool dockerfiles_loaded_ = false;
    std::vector<std::unique_ptr<DockerfileSource>> dockerfiles_;
    std::vector<ServiceBuild> builds_;
    bool compose_loaded_ = false;
    std::optional<Project> project_;
    std::string compose_problem_;
};

// dockerfile:F:1:2 and compose:F:1:2 rest on the reading file:F; other locators are the reading itself.
std::string reading_of(const std::string& locator);

}  // namespace bulkhead::build
