// SPDX-License-Identifier: Apache-2.0
// The options that name build files, the same for every command that takes them.
#pragma once

#include <CLI/App.hpp>

#include "build/build_files.h"

namespace bulkhead::cli {

struct BuildOptions {
    build::BuildInput input;
    bool use_environment = false;  // variables of the caller fill in those of Compose files
};

void add_build_options(CLI::App& app, BuildOptions& options);

// What was asked for, with the caller's environment where that was asked for too.
build::BuildInput build_input(const BuildOptions& options);

}  // namespace bulkhead::cli
