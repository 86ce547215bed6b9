// SPDX-License-Identifier: Apache-2.0
// The stages of a Dockerfile, and what its variables make of the arguments: ARG by its scopes (before FROM, in a stage, predefined), ENV,
// both inherited by the stages built upon a stage. What only the build or the base image knows stays unknown. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "build/dockerfile.h"
#include "build/shell_word.h"

namespace bulkhead::build {

struct Stage {
    int number = 0;
    std::string name;  // of AS, lower case; else empty
    Position at;
    int end_line = 0;
    std::string base;       // what FROM names, as written
    Expanded image;         // with its variables replaced
    int base_stage = -1;    // the stage FROM names, where it is one
    std::string platform;   // of --platform, as written
    std::vector<int> uses;  // stages that it copies or mounts from, base_stage too
    bool is_final = false;  // what is built: the target, or the last
    bool in_final = false;  // what is built, and the stages it is built upon
    // What is in force at the stage's end, its own or of the stage it builds upon; none: the base image's, which a file does not tell.
    std::optional<Expanded> user;
    Position user_at;
    const Instruction* healthcheck = nullptr;
};

// An image that something is taken from: FROM, COPY --from=, RUN --mount=from=. Stages and scratch are none.
struct ImageUse {
    const Instruction* instruction = nullptr;
    std::string written;
    Expanded image;
    int stage = 0;
};

// What the build's caller says, as far as a file tells it (Compose's `build:`).
struct BuildGiven {
    std::map<std::string, Expanded, std::less<>> args;  // they win over the defaults of ARG
    std::set<std::string, std::less<>> contexts;        // names that stand for something else than an image of that name
    std::vector<std::string> targets;                   // the stages that are built; none, or "": the last
};

struct Resolved {
    std::vector<Stage> stages;
    std::vector<std::vector<Expanded>> args;  // of each instruction: its args with variables replaced where the builder does that
    std::vector<ImageUse> images;
};

// Words that cannot be expanded stay as they are, and unknown. REQUIRES: the Dockerfile outlives what is returned.
Resolved resolve(const Dockerfile& dockerfile, const BuildGiven& given = {});

// The stage that --target names, by name or number; "": the last. -1: there is none.
int find_target(const std::vector<Stage>& stages, std::string_view target);

// registry/name:tag@digest
struct ImageName {
    std::string name;
    std::string tag;
    std::string digest;
};
ImageName split_image(std::string_view image);

}  // namespace bulkhead::build
