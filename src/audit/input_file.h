// SPDX-License-Identifier: Apache-2.0
// What a user writes and brings along (attestations, exceptions, baselines), read whole up to a bound. It is no fact about a host, so it
// does not come through world/: no snapshot holds it. Any thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace bulkhead::audit {

// `what` names the file in messages: "the exceptions". not_found, permission_denied, unavailable; limit_exceeded: longer than bytes_max;
// invalid_input: no regular file. A pipe (shells' `<(...)`) is read as one.
bulkhead::Result<std::string> read_input_file(const std::string& path, const std::string& what, std::size_t bytes_max);

}  // namespace bulkhead::audit
