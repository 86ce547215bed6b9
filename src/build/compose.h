// SPDX-License-Identifier: Apache-2.0
// A Compose project (or Swarm stack) as its files together say it: includes, extends, merges, variables and profiles resolved by the rules
// of the Compose specification, everything in long form, each value with file, line and column. Files come from the caller's function.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "build/compose_variables.h"
#include "build/yaml_tree.h"

namespace bulkhead::build {

inline constexpr std::size_t compose_files_max = 64;  // with included and extended ones
inline constexpr std::size_t compose_depth_max = 16;  // of includes and of extends

struct ComposeInput {
    std::vector<std::string> files;      // merged in this order
    std::vector<std::string> env_files;  // none: .env beside the first file, where there is one
    std::vector<std::string> profiles;   // "*": all
    Environment environment;             // the caller's, only on request
};

struct Project {
    std::string name;
    std::vector<std::string> files;    // by the file number of a Place
    std::vector<std::string> folders;  // by the same: from where relative paths in it start
    Tree model;                        // services, networks, volumes, secrets, configs: canonical

    [[nodiscard]] const Tree* section(std::string_view key) const { return model.find(key); }
    [[nodiscard]] std::string locator(const Place& place) const;  // compose:FILE:LINE:COLUMN
    [[nodiscard]] const std::string& file(const Place& place) const;
};

using ReadFile = std::function<Result<std::string>(const std::string& path)>;

Result<Project> load_compose(const ComposeInput& input, const ReadFile& read);

// A service that the profiles start.
bool is_active(const Tree& service, const std::vector<std::string>& profiles);

// What a path in a file of this folder means: "x/../y" without its detours; absolute ones as they are.
std::string path_beside(const std::string& file, const std::string& path);

}  // namespace bulkhead::build
