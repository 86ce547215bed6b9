// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace bulkhead {

void check_failed(const char* expression, const char* file, int line) {
    std::fprintf(stderr, "bulkhead: internal error: %s (%s:%d)\n", expression, file, line);
    std::abort();
}

}  // namespace bulkhead
