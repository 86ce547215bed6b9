// SPDX-License-Identifier: Apache-2.0
// What a plan would change, as the world shows it now: files with their content, paths with mode and owner. Read through the world only.
// Owned by one thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "fix/change.h"
#include "world/world.h"

namespace bulkhead::fix {

// A file of which the content would change: `before` and `after` are what it says now. Where it is not there, it is one that would be made.
// Errors: not a regular file, could not be read. A path that cannot be reached without links is there with the reason in `refused`.
Result<Change> content_target(world::World& world, const std::string& path, std::int64_t root_pid);

// A path of which mode or owner would change; all "after" are as they are now.
Result<Change> attribute_target(world::World& world, const std::string& path, std::int64_t root_pid, What what);

// "root:812" of a reading's place; 0: none.
std::int64_t root_pid_of(const std::string& place);

}  // namespace bulkhead::fix
