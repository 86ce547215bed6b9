// SPDX-License-Identifier: Apache-2.0
// `bulkhead version`: which program this is.
#include "base/version.h"
#include "cli/command.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

Command version() {
    return {"version", [](CLI::App& root, Context& context) {
                CLI::App* app = root.add_subcommand("version", "Print the version");
                app->callback(
                    [&context] { context.action = [] { return write_out(std::string("bulkhead ") + bulkhead::version + "\n") ? exit_good : exit_error; }; });
            }};
}

}  // namespace bulkhead::cli
