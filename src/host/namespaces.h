// SPDX-License-Identifier: Apache-2.0
// The namespaces a process is in (namespaces(7)), from the reading namespaces:PID. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::host {

using Namespaces = std::map<std::string, std::int64_t>;  // "net" -> inode

Result<Namespaces> parse_namespaces(std::string_view bytes);

}  // namespace bulkhead::host
