// SPDX-License-Identifier: Apache-2.0
// The parts of `bulkhead snapshot` that have files of their own.
#pragma once

#include "cli/command.h"

namespace bulkhead::cli {

void add_snapshot_diff(CLI::App& snapshot, Context& context);
void add_snapshot_sign(CLI::App& snapshot, Context& context);  // and verify

}  // namespace bulkhead::cli
