// SPDX-License-Identifier: Apache-2.0
#include "cli/build_options.h"

#include <unistd.h>

#include <string_view>

namespace bulkhead::cli {

void add_build_options(CLI::App& app, BuildOptions& options) {
    app.add_option("--dockerfile", options.input.dockerfiles, "a Dockerfile to judge before it is built (may be repeated)")->allow_extra_args(false);
    app.add_option("--compose", options.input.compose.files, "a Compose or stack file to judge before it runs (repeated: merged in this order)")
        ->allow_extra_args(false);
    app.add_option("--env-file", options.input.compose.env_files, "variables for Compose files, in place of .env beside the first (may be repeated)")
        ->allow_extra_args(false);
    app.add_option("--profile", options.input.compose.profiles, "services of this Compose profile too; * is all (may be repeated)")->allow_extra_args(false);
    app.add_flag("--use-environment", options.use_environment, "fill in variables of Compose files from the environment, as Compose does");
    app.add_flag("--no-inline-ignores", options.input.refuse_ignores, "refuse `# bulkhead ignore=...` comments in build files");
}

build::BuildInput build_input(const BuildOptions& options) {
    build::BuildInput input = options.input;
    if (!options.use_environment) return input;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos) input.compose.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return input;
}

}  // namespace bulkhead::cli
