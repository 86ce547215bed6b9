// SPDX-License-Identifier: Apache-2.0
// SQLite's memory, counted without a lock. SQLite's own counting takes one global mutex for every allocation, which two threads with a
// database each spend their time waiting for; without counting there would be no limit. Any thread.
#pragma once

#include <cstdint>

namespace bulkhead::sql {

// Once, at the start of the program, before SQLite is used at all: later it is too late, and SQLite counts by itself.
void count_memory_without_lock();

// The most that all databases together may hold. Beyond it statements end with "out of memory".
void limit_memory(std::int64_t bytes_max);

}  // namespace bulkhead::sql
