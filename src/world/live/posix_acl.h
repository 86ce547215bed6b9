// SPDX-License-Identifier: Apache-2.0
// What a POSIX ACL (acl(5)) grants on a file beyond its permission bits: named users and named groups. Format of the attribute:
// linux/posix_acl_xattr.h. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bulkhead::world {

// "[]" where there is none, ["user:1000:rw-","group:27:r--"] as the mask lets it through, "null" where it cannot be read.
std::string acl_json(const std::string& path);

// The same of the attribute's bytes. corrupt: not an ACL of version 2.
Result<std::string> parse_acl(std::string_view bytes);

}  // namespace bulkhead::world
