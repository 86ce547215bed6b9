// SPDX-License-Identifier: Apache-2.0
#include "audit/baseline.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace bulkhead::audit {

namespace {

// The baseline's results of one identity and status that no result of now has been matched with yet.
using Unmatched = std::unordered_map<std::string, std::vector<const BaselineResult*>>;

// What this audit says of one identity.
struct Now {
    bool skipped = false;
    bool unclear = false;
};

std::string with_status(const std::string& identity, Status status) { return identity + '\0' + std::string(name(status)); }

// One with the same words before any other: what was there stays known, and what came is new.
void match(std::vector<Result>& results, const std::vector<std::string>& keys, Unmatched& unmatched) {
    for (const bool same_words : {true, false}) {
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (results[i].novelty == Novelty::known) continue;
            results[i].novelty = Novelty::is_new;
            const auto found = unmatched.find(keys[i]);
            if (found == unmatched.end()) continue;
            auto& left = found->second;
            const auto one = std::ranges::find_if(left, [&](const BaselineResult* known) { return !same_words || known->reason == results[i].reason; });
            if (one == left.end()) continue;
            left.erase(one);
            results[i].novelty = Novelty::known;
        }
    }
}

}  // namespace

std::string identity(const Catalog& catalog, const std::string& control, const std::string& resource, const std::string& resource_name) {
    const Control* known = catalog.find_control(control);
    const bool declared = resource.starts_with("compose:") || resource.starts_with("dockerfile:");
    std::string out = known == nullptr ? control : known->id;
    out += declared ? std::string_view("\0declared\0", 10) : std::string_view("\0host\0", 6);
    return out + (resource_name.empty() ? resource : resource_name);
}

Baseline baseline_from(const Audit& audit, std::string file) {
    Baseline baseline{std::move(file), audit.as_of, {}};
    baseline.results.reserve(audit.results.size());
    for (const Result& result : audit.results)
        baseline.results.push_back({result.control, result.resource, result.resource_name, result.status, result.reason});
    return baseline;
}

void compare(Audit& audit, const Baseline& baseline, const Catalog& catalog, Coverage coverage) {
    Unmatched unmatched;
    for (const BaselineResult& one : baseline.results)
        unmatched[with_status(identity(catalog, one.control, one.resource, one.resource_name), one.status)].push_back(&one);
    std::vector<std::string> keys;
    std::unordered_map<std::string, Now> now;
    std::set<std::string_view> judged;
    std::set<std::string_view> unsure;  // controls of which something is unknown: who is not among their results may be there all the same
    for (const Control& control : audit.controls) judged.insert(control.id);
    for (const Result& result : audit.results) {
        const std::string key = identity(catalog, result.control, result.resource, result.resource_name);
        keys.push_back(with_status(key, result.status));
        Now& of = now[key];
        of.skipped |= result.status == Status::skip;
        of.unclear |= result.status == Status::unknown || result.status == Status::error;
        if (of.unclear) unsure.insert(result.control);
    }
    match(audit.results, keys, unmatched);

    Comparison comparison{.baseline = baseline.file, .as_of = baseline.as_of};
    for (const Result& result : audit.results) {
        if (result.status != Status::alarm) continue;
        ++(result.novelty == Novelty::known ? comparison.known_alarms : comparison.new_alarms);
    }
    for (const auto& [key, left] : unmatched) {
        for (const BaselineResult* one : left) {
            if (one->status != Status::alarm) continue;
            const Control* control = catalog.find_control(one->control);
            const auto found = now.find(identity(catalog, one->control, one->resource, one->resource_name));
            const bool there = found != now.end();
            const bool cannot_be_gone = control == nullptr || !judged.contains(control->id) || unsure.contains(control->id) || coverage == Coverage::part;
            if (there ? found->second.unclear : cannot_be_gone) {
                ++comparison.unclear;
            } else if (there && found->second.skipped) {
                ++comparison.skipped;
            } else {
                ++comparison.fixed;
            }
        }
    }
    audit.comparison = std::move(comparison);
}

}  // namespace bulkhead::audit
