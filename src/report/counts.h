// SPDX-License-Identifier: Apache-2.0
// How many results have which status, and the tree of groups that the counts are shown in.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "audit/result.h"

namespace bulkhead::report {

class Counts {
  public:
    void add(audit::Status status) { ++counts_[static_cast<std::size_t>(status)]; }
    void add(const Counts& other);
    [[nodiscard]] std::size_t of(audit::Status status) const { return counts_[static_cast<std::size_t>(status)]; }
    [[nodiscard]] std::size_t bad() const { return of(audit::Status::alarm) + of(audit::Status::error); }
    [[nodiscard]] std::size_t total() const;

  private:
    std::array<std::size_t, std::size(audit::statuses)> counts_{};
};

Counts count(const std::vector<audit::Result>& results);

// The worst first, as a reader wants them: alarm, error, unknown, info, skip, ok.
inline constexpr audit::Status worst_first[] = {audit::Status::alarm, audit::Status::error, audit::Status::unknown,
                                                audit::Status::info,  audit::Status::skip,  audit::Status::ok};
std::size_t rank(audit::Status status);  // place in worst_first

// A group or a control of the audit with what is below it. Points into the audit it was made from.
struct Node {
    const audit::Benchmark* benchmark = nullptr;  // one of the two is set
    const audit::Control* control = nullptr;
    std::vector<Node> children;
    std::vector<const audit::Result*> results;  // of a control, worst first, then in the audit's order
    Counts counts;
};

// The groups that no other group holds, then the controls that no group holds. A group that contains itself is cut there.
std::vector<Node> tree(const audit::Audit& audit);

}  // namespace bulkhead::report
