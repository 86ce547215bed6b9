// SPDX-License-Identifier: Apache-2.0
// How errno maps to our closed codes, once for all system calls of the live world.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

#include "base/result.h"

namespace bulkhead::world {

inline Code code_of_errno(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
        case ESRCH: return Code::not_found;
        case EACCES:
        case EPERM: return Code::permission_denied;
        case ENOSYS:
        case EOPNOTSUPP:
        case EPROTONOSUPPORT: return Code::unsupported;
        default: return Code::unavailable;
    }
}

inline std::unexpected<Error> fail_errno(int error, const std::string& what) {
    char buffer[128];
    return fail(code_of_errno(error), what + ": " + strerror_r(error, buffer, sizeof buffer));
}

}  // namespace bulkhead::world
