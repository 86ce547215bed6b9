// SPDX-License-Identifier: Apache-2.0
// One holder a host: a locked file that names who has it. The kernel lets go of it when the holder dies, however it dies (flock(2)).
#pragma once

#include <string>

#include "base/result.h"
#include "world/live/fd.h"

namespace bulkhead::datapath {

class LockFile {
  public:
    // Errors: unavailable (somebody has it; the message says which process), permission_denied.
    static Result<LockFile> take(const std::string& path);

  private:
    explicit LockFile(world::Fd fd) : fd_(std::move(fd)) {}
    world::Fd fd_;
};

}  // namespace bulkhead::datapath
