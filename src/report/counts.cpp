// SPDX-License-Identifier: Apache-2.0
#include "report/counts.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

namespace bulkhead::report {

namespace {

constexpr int depth_max = 8;  // of groups in groups: benchmark files are input

struct Index {
    std::map<std::string_view, const audit::Benchmark*> benchmarks;
    std::map<std::string_view, const audit::Control*> controls;
    std::map<std::string_view, std::vector<const audit::Result*>> results;
};

Node control_node(const Index& index, const audit::Control& control) {
    Node node;
    node.control = &control;
    if (const auto found = index.results.find(control.id); found != index.results.end()) node.results = found->second;
    std::ranges::stable_sort(node.results, {}, [](const audit::Result* result) { return rank(result->status); });
    for (const audit::Result* result : node.results) node.counts.add(result->status);
    return node;
}

Node group_node(const Index& index, const audit::Benchmark& benchmark, std::vector<std::string_view>& path) {
    Node node;
    node.benchmark = &benchmark;
    path.push_back(benchmark.id);
    for (const std::string& child : benchmark.children) {
        const auto group = index.benchmarks.find(child);
        const auto control = index.controls.find(child);
        if (group != index.benchmarks.end() && path.size() < depth_max && std::ranges::find(path, child) == path.end()) {
            Node below = group_node(index, *group->second, path);
            if (!below.children.empty()) node.children.push_back(std::move(below));
        } else if (control != index.controls.end()) {
            node.children.push_back(control_node(index, *control->second));
        }
    }
    path.pop_back();
    for (const Node& child : node.children) node.counts.add(child.counts);
    return node;
}

void mark(const Node& node, std::set<std::string_view>& shown) {
    if (node.control != nullptr) shown.insert(node.control->id);
    for (const Node& child : node.children) mark(child, shown);
}

}  // namespace

void Counts::add(const Counts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::size_t Counts::total() const { return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0}); }

Counts count(const std::vector<audit::Result>& results) {
    Counts counts;
    for (const audit::Result& result : results) counts.add(result.status);
    return counts;
}

std::size_t rank(audit::Status status) { return static_cast<std::size_t>(std::ranges::find(worst_first, status) - std::begin(worst_first)); }

std::vector<Node> tree(const audit::Audit& audit) {
    Index index;
    std::set<std::string_view> held;
    for (const audit::Benchmark& benchmark : audit.benchmarks) {
        index.benchmarks.emplace(benchmark.id, &benchmark);
        for (const std::string& child : benchmark.children) {
            if (child != benchmark.id) held.insert(child);
        }
    }
    for (const audit::Control& control : audit.controls) index.controls.emplace(control.id, &control);
    for (const audit::Result& result : audit.results) index.results[result.control].push_back(&result);

    std::vector<Node> roots;
    std::set<std::string_view> shown;
    for (const audit::Benchmark& benchmark : audit.benchmarks) {
        if (held.contains(benchmark.id)) continue;
        std::vector<std::string_view> path;
        Node root = group_node(index, benchmark, path);
        if (root.children.empty()) continue;
        mark(root, shown);
        roots.push_back(std::move(root));
    }
    for (const audit::Control& control : audit.controls) {
        if (!shown.contains(control.id)) roots.push_back(control_node(index, control));
    }
    return roots;
}

}  // namespace bulkhead::report
