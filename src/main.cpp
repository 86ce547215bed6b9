// SPDX-License-Identifier: Apache-2.0
// The program: everything it does is a command in src/cli.
#include "cli/run.h"

int main(int argc, char** argv) { return bulkhead::cli::run(argc, argv); }
