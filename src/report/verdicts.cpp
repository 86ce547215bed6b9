// SPDX-License-Identifier: Apache-2.0
#include "report/verdicts.h"

#include <algorithm>
#include <map>

namespace bulkhead::report {

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::passed: return "passed";
        case Verdict::failed: return "failed";
        case Verdict::unclear: return "unclear";
        case Verdict::not_judged: break;
    }
    return "not judged";
}

Verdict ControlResults::verdict() const {
    if (counts.bad() > 0) return Verdict::failed;
    if (counts.of(audit::Status::unknown) > 0) return Verdict::unclear;
    return counts.of(audit::Status::ok) > 0 ? Verdict::passed : Verdict::not_judged;
}

std::vector<ControlResults> by_control(const audit::Audit& audit) {
    std::vector<ControlResults> controls;
    controls.reserve(audit.controls.size());
    std::map<std::string_view, std::size_t> index;
    for (const audit::Control& control : audit.controls) {
        index.emplace(control.id, controls.size());
        controls.push_back({&control, {}, {}});
    }
    for (const audit::Result& result : audit.results) {
        const auto found = index.find(result.control);
        if (found == index.end()) continue;
        controls[found->second].results.push_back(&result);
        controls[found->second].counts.add(result.status);
    }
    return controls;
}

std::size_t Score::percent() const { return judged() == 0 ? 0 : of(Verdict::passed) * 100 / judged(); }

std::vector<Score> scores(const std::vector<ControlResults>& controls) {
    int highest = 0;
    for (const ControlResults& each : controls) {
        for (const int level : each.control->levels) highest = std::max(highest, level);
    }
    std::vector<Score> made;
    for (int level = 1; level <= highest; ++level) {
        Score score{.level = level};
        for (const ControlResults& each : controls) {
            const bool holds = std::ranges::any_of(each.control->levels, [&](int at) { return at <= level; });
            if (holds) ++score.controls[static_cast<std::size_t>(each.verdict())];
        }
        made.push_back(score);
    }
    return made;
}

}  // namespace bulkhead::report
