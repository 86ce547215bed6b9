// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "audit/nearest.h"
#include "audit/select.h"

namespace bulkhead::audit {

namespace {

// Powerpipe's full names are welcome: docker_compliance.control.cis_v160_2_2.
std::string_view bare_id(std::string_view id) {
    for (const std::string_view prefix : {"docker_compliance.control.", "docker_compliance.benchmark.", "control.", "benchmark."}) {
        if (id.starts_with(prefix)) return id.substr(prefix.size());
    }
    return id;
}

std::string near_misses(const Catalog& catalog, std::string_view id) {
    std::vector<std::string> known;
    for (const Control& control : catalog.controls) {
        known.push_back(control.id);
        known.insert(known.end(), control.aliases.begin(), control.aliases.end());
    }
    for (const Benchmark& benchmark : catalog.benchmarks) known.push_back(benchmark.id);
    return nearest_of(id, known, "bulkhead list");
}

class Chooser {
  public:
    explicit Chooser(const Catalog& catalog) : catalog_(catalog) {}

    bulkhead::Result<void> add(std::string_view id) {
        if (const Benchmark* benchmark = catalog_.find_benchmark(id)) {
            if (!seen_.insert(benchmark->id).second) return {};
            chosen_.benchmarks.push_back(*benchmark);
            for (const std::string& child : benchmark->children) {
                if (auto added = add(child); !added) return added;
            }
            return {};
        }
        const Control* control = catalog_.find_control(id);
        if (control == nullptr) return fail(Code::invalid_input, fmt::format("there is no control or benchmark '{}': {}", id, near_misses(catalog_, id)));
        if (seen_.insert(control->id).second) chosen_.controls.push_back(control);
        return {};
    }
    Chosen take() { return std::move(chosen_); }

  private:
    const Catalog& catalog_;
    std::set<std::string> seen_;
    Chosen chosen_;
};

bool has_tag(const Control& control, const std::string& wanted) {
    return std::ranges::any_of(control.tags, [&](const std::string& tag) { return tag == wanted || tag.starts_with(wanted + "="); });
}

}  // namespace

bulkhead::Result<Chosen> choose(const Catalog& catalog, const Selection& selection) {
    Chooser chooser(catalog);
    if (selection.ids.empty()) {
        for (const Benchmark& benchmark : catalog.benchmarks) {
            if (auto added = chooser.add(benchmark.id); !added) return std::unexpected(added.error());
        }
        for (const Control& control : catalog.controls) {
            if (auto added = chooser.add(control.id); !added) return std::unexpected(added.error());
        }
    }
    for (const std::string& id : selection.ids) {
        if (auto added = chooser.add(bare_id(id)); !added) return std::unexpected(added.error());
    }
    Chosen chosen = chooser.take();
    if (selection.level && (*selection.level < 1 || *selection.level > 3)) return fail(Code::invalid_input, "a level is 1, 2 or 3");
    std::erase_if(chosen.controls, [&](const Control* control) {
        if (selection.level && *std::ranges::min_element(control->levels) > *selection.level) return true;
        return !std::ranges::all_of(selection.tags, [&](const std::string& tag) { return has_tag(*control, tag); });
    });
    std::ranges::sort(chosen.controls, [](const Control* a, const Control* b) { return natural_less(a->id, b->id); });
    return chosen;
}

}  // namespace bulkhead::audit
