// SPDX-License-Identifier: Apache-2.0
// A diff of two snapshots for people and for programs. Text from outside is made safe here.
#pragma once

#include <string>
#include <vector>

#include "audit/snapshot_diff.h"
#include "report/format.h"

namespace bulkhead::report {

struct SnapshotDiff {
    struct Side {
        std::string file;
        UnixMs as_of = 0;
    };
    Side before;
    Side after;
    std::vector<audit::ResultDifference> results;
    std::vector<audit::FactDifference> facts;

    [[nodiscard]] bool empty() const { return results.empty() && facts.empty(); }
};

std::string snapshot_diff_text(const SnapshotDiff& diff, const RenderOptions& options);
std::string snapshot_diff_json(const SnapshotDiff& diff);  // one object, "bulkhead.snapshot_diff/1", a difference a line

}  // namespace bulkhead::report
