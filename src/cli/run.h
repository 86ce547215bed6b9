// SPDX-License-Identifier: Apache-2.0
// The command line as a whole: parses it, runs the one command that was asked for, gives the exit code.
#pragma once

namespace bulkhead::cli {

// 0 done and nothing alarming, 1 alarm, 2 error or wrong usage, 130 interrupted. Called once, from main.
int run(int argc, char** argv);

}  // namespace bulkhead::cli
