// SPDX-License-Identifier: Apache-2.0
// /proc/PID/uid_map and gid_map (user_namespaces(7)): which id inside is which id outside. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bulkhead::host {

class IdMap {
  public:
    static Result<IdMap> parse(std::string_view bytes);

    // The id as the container sees it; nothing where it has no name in there (the kernel shows the overflow id, 65534).
    [[nodiscard]] std::optional<std::int64_t> inside(std::int64_t outside) const;
    // Every id is itself: "0 0 4294967295". No user namespace separates the two sides.
    [[nodiscard]] bool is_identity() const;

  private:
    struct Range {
        std::int64_t inside = 0, outside = 0, count = 0;
    };
    std::vector<Range> ranges_;
};

}  // namespace bulkhead::host
