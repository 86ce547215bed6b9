// SPDX-License-Identifier: Apache-2.0
#include "fix/plan.h"

#include <algorithm>

#include "base/text.h"
#include "fix/planner.h"

namespace bulkhead::fix {

namespace {

void add_by_hand(std::vector<ByHand>& list, const audit::Control& control, const std::string& why, const std::string& resource_name) {
    auto found = std::ranges::find_if(list, [&](const ByHand& one) { return one.control == control.id && one.why == why; });
    if (found == list.end()) found = list.insert(list.end(), ByHand{control.id, control.title, control.remediation, why, {}});
    found->resource_names.push_back(resource_name);
}

void describe_engine(Plan& plan, tables::Facts& facts) {
    if (const auto& pid = facts.host.engine_pid()) plan.engine_pid = *pid;
    const auto& version = facts.engine.version();
    if (version.items.empty()) return;
    plan.engine_version = version.items.front().version;
    const auto major = text::to_integer(std::string_view(plan.engine_version).substr(0, plan.engine_version.find('.')));
    if (major && *major > 0 && *major < 1000) plan.engine_major = static_cast<int>(*major);
}

}  // namespace

Plan make_plan(const audit::Audit& audit, tables::Facts& facts, const PlanOptions& options) {
    Plan plan;
    Planner planner(facts, options);
    bool asks_engine = false;
    for (const audit::Result& result : audit.results) {
        if (result.status == audit::Status::unknown || result.status == audit::Status::error) ++plan.unknown;
        if (result.status != audit::Status::alarm && !(options.info && result.status == audit::Status::info)) continue;
        const auto control = std::ranges::find(audit.controls, result.control, &audit::Control::id);
        if (control == audit.controls.end()) continue;
        // Results that are only information are looked at where something could be done about them.
        if (result.status == audit::Status::info && control->fixes.empty()) continue;
        asks_engine = asks_engine || result.layer != "declared";
        ++plan.alarms;
        bool answered = false;
        std::string why;
        for (const audit::Fix& fix : control->fixes) {
            const auto proposed = planner.propose(fix, result, {control->id, control->title, result.resource_name});
            answered = answered || proposed.has_value();
            if (!proposed && !proposed.error().message.empty()) why += (why.empty() ? "" : "; ") + proposed.error().message;
        }
        if (answered) ++plan.answered;
        if (!answered) add_by_hand(plan.by_hand, *control, why, result.resource_name);
    }
    if (asks_engine) describe_engine(plan, facts);
    planner.finish(plan);
    return plan;
}

}  // namespace bulkhead::fix
