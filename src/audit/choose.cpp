// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

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

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string near_misses(const Catalog& catalog, std::string_view id) {
    std::vector<std::pair<std::size_t, std::string>> near;
    const auto consider = [&](const std::string& name) {
        if (const std::size_t distance = edit_distance(id, name); distance <= 3) near.emplace_back(distance, name);
    };
    for (const Control& control : catalog.controls) {
        consider(control.id);
        for (const std::string& alias : control.aliases) consider(alias);
    }
    for (const Benchmark& benchmark : catalog.benchmarks) consider(benchmark.id);
    std::ranges::sort(near);
    if (near.empty()) return "`bulkhead list` shows what there is";
    return fmt::format("did you mean {}?", near.front().second);
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
