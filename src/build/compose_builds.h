// SPDX-License-Identifier: Apache-2.0
// What the services of a Compose project build: which Dockerfile, which stage of it, with which arguments. A Dockerfile is only followed inside the
// folder of the project: a file that somebody gave us must not lead us elsewhere. What cannot be followed has the reason. Pure.
#pragma once

#include <string>
#include <vector>

#include "build/compose.h"
#include "build/dockerfile_stages.h"

namespace bulkhead::build {

inline constexpr std::size_t followed_dockerfiles_max = 64;

struct ServiceBuild {
    const Key* service = nullptr;
    const Tree* build = nullptr;
    std::string path;               // the Dockerfile; the Compose file, where it is written there
    const Tree* written = nullptr;  // dockerfile_inline
    std::string target;             // "": the last stage
    std::map<std::string, Expanded, std::less<>> args;
    std::set<std::string, std::less<>> contexts;
    std::string problem;  // not empty: why its Dockerfile is not followed
    int dockerfile = -1;  // which of BuildFiles::dockerfiles(), once that is read
};

// Of the services that are started and have `build:`, in the order of the file. REQUIRES: the project outlives them.
std::vector<ServiceBuild> service_builds(const Project& project, const ComposeInput& input);

// What several builds of one Dockerfile have in common: an argument that they do not agree on is not known.
BuildGiven given_by(const std::vector<const ServiceBuild*>& builds, bool also_without);

// Where the lines of a text in a Compose file stand in that file; {0, 0}: nowhere in particular (quoted or folded, over several lines).
Position place_of_lines(const Tree& text, std::string_view compose_bytes);

}  // namespace bulkhead::build
