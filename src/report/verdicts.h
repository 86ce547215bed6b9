// SPDX-License-Identifier: Apache-2.0
// What the results of a control come to, and what those of a level come to. A control with anything unknown has not passed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "report/counts.h"

namespace bulkhead::report {

enum class Verdict : std::uint8_t { passed, failed, unclear, not_judged };
std::string_view name(Verdict verdict);

struct ControlResults {
    const audit::Control* control = nullptr;
    std::vector<const audit::Result*> results;  // in the audit's order
    Counts counts;
    [[nodiscard]] Verdict verdict() const;
};

// In the audit's order of controls, also those without results. Points into the audit it was made from.
std::vector<ControlResults> by_control(const audit::Audit& audit);

// How many controls that hold at this level or below came to what; as --level selects them.
struct Score {
    int level = 0;
    std::array<std::size_t, 4> controls{};  // by Verdict
    [[nodiscard]] std::size_t of(Verdict verdict) const { return controls[static_cast<std::size_t>(verdict)]; }
    [[nodiscard]] std::size_t judged() const { return of(Verdict::passed) + of(Verdict::failed) + of(Verdict::unclear); }
    [[nodiscard]] std::size_t percent() const;  // passed of judged, rounded down: 100 means all; 0 where none was judged
};
std::vector<Score> scores(const std::vector<ControlResults>& controls);  // of each level up to the highest that a control has

}  // namespace bulkhead::report
