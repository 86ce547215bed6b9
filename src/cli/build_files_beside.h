// SPDX-License-Identifier: Apache-2.0
// An archive of images and the build files that made them, judged in one run. The archive's world has no host; so the build files are read
// beforehand by a world of their own, and the archive is given those readings and no others: nothing else of this machine is taken for its.
#pragma once

#include <memory>

#include "build/build_files.h"
#include "world/reader.h"

namespace bulkhead::cli {

// REQUIRES: the archive outlives what is returned. A file that cannot be read stays what it is: absent, denied or failed.
std::unique_ptr<world::Reader> with_build_files(world::Reader& archive, const build::BuildInput& input);

}  // namespace bulkhead::cli
