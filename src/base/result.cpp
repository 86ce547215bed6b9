// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace bulkhead {

std::string_view name(Code code) {
    switch (code) {
        case Code::not_found: return "not_found";
        case Code::unavailable: return "unavailable";
        case Code::permission_denied: return "permission_denied";
        case Code::invalid_input: return "invalid_input";
        case Code::unsupported: return "unsupported";
        case Code::limit_exceeded: return "limit_exceeded";
        case Code::corrupt: return "corrupt";
        case Code::internal: return "internal";
    }
    return "internal";
}

}  // namespace bulkhead
