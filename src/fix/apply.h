// SPDX-License-Identifier: Apache-2.0
// The one door through which bulkhead writes to a host: the changes of a plan, all or none. Each target is checked to be what the plan
// saw, a new content is validated before it takes the place of the old one (by rename, with its mode, owner and attributes), the old file
// stays beside as a backup, and what was done is undone where a later change fails. Owned by one thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "fix/change.h"

namespace bulkhead::fix {

// Whether a new daemon.json is one that the engine would take: the path of the not yet visible file as this process reaches it.
using Validate = std::function<Result<void>(const std::string& file, const Change& change)>;

struct Applied {
    std::vector<std::string> done;     // one line for each change, with how to take it back
    std::vector<std::string> backups;  // paths
};

// `stamp` makes the names of backups: "daemon.json.bulkhead-<stamp>". REQUIRES: no change is refused.
// An error says what failed, and whether everything was undone.
Result<Applied> apply(const std::vector<Change>& changes, const std::string& stamp, const Validate& validate);

}  // namespace bulkhead::fix
