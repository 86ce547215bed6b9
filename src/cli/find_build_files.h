// SPDX-License-Identifier: Apache-2.0
// The build files of a project's folder, by the names that docker and Compose give them, for `bulkhead ci` where none are named.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace bulkhead::cli {

inline constexpr int find_depth_max = 6;                  // folders below the first
inline constexpr std::size_t find_entries_max = 200'000;  // looked at in all
inline constexpr std::size_t find_dockerfiles_max = 500;

struct FoundBuildFiles {
    std::vector<std::string> dockerfiles;  // also in folders below, ordered
    std::vector<std::string> compose;      // of the folder itself: as Compose finds it, with its override
};

// Paths begin as `folder` does; "." is left out. Hidden folders, those of dependencies (node_modules, vendor) and symbolic links are not
// followed, templates and .dockerignore files no Dockerfiles. not_found, permission_denied: the folder or one below cannot be listed;
// limit_exceeded: more than the bounds above, for leaving some out silently would call them good.
Result<FoundBuildFiles> find_build_files(const std::string& folder);

// Whether docker's own tools, or people, call a Dockerfile so: Dockerfile, Dockerfile.web, web.Dockerfile, Containerfile.
bool is_dockerfile_name(const std::string& name);

}  // namespace bulkhead::cli
