// SPDX-License-Identifier: Apache-2.0
// The one door: everything that enters bulkhead comes through a Reader as bytes with a locator and a time.
// Implementations: LiveReader (this machine), SnapshotReader (a file), Recorder (wraps one and keeps what it gave), and the
// worlds of test cases. A Reader is used by several threads at once.
#pragma once

#include "world/reading.h"

namespace bulkhead::world {

class Reader {
  public:
    Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    virtual ~Reader() = default;

    // Never throws, never blocks beyond its time limits; a failure is a Reading with its reason. Any thread.
    virtual Reading read(const Request& request) = 0;
    // The moment the facts are about: now for a live world, when it was taken for a recorded one. Any thread.
    [[nodiscard]] virtual UnixMs as_of() const = 0;
};

}  // namespace bulkhead::world
