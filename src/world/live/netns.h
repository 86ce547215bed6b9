// SPDX-License-Identifier: Apache-2.0
// The calling thread steps into another process's network namespace and back again (setns(2)). Other threads are not moved.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "world/live/fd.h"

namespace bulkhead::world {

class NetnsVisit {
  public:
    // pid 0: stay where we are. Errors: not_found (no such process), permission_denied, unavailable.
    static Result<NetnsVisit> enter(std::int64_t pid);
    NetnsVisit(NetnsVisit&&) = default;
    NetnsVisit& operator=(NetnsVisit&&) = delete;
    ~NetnsVisit();  // goes back; a thread that cannot is of no use to anyone, so the program ends

  private:
    explicit NetnsVisit(Fd home) : home_(std::move(home)) {}
    Fd home_;  // empty: nothing to undo
};

}  // namespace bulkhead::world
