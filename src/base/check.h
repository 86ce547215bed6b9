// SPDX-License-Identifier: Apache-2.0
// CHECK: an invariant of our own code, always on. Never for packets, answers, files, SQL or kernel state: those are inputs.
#pragma once

namespace bulkhead {
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}

#define CHECK(expression)                                                             \
    do {                                                                              \
        if (!(expression)) ::bulkhead::check_failed(#expression, __FILE__, __LINE__); \
    } while (false)
