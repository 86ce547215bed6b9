// SPDX-License-Identifier: Apache-2.0
// Powerpipe's snapshot (.pps, schema_version 20240607), for its dashboard server: panels by name, and the layout of the names. Each control
// is a panel with rows reason, resource, status and dimensions; Powerpipe has no unknown, which becomes error with the word in the reason.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/json.h"
#include "report/counts.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/identity.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t value_bytes_max = 400;
constexpr std::string_view root_name = "bulkhead.benchmark.audit";

std::string panel_name(const Node& node) {
    return node.control != nullptr ? "bulkhead.control." + node.control->id : "bulkhead.benchmark." + node.benchmark->id;
}

std::string summary(const Counts& counts) {
    using audit::Status;
    return fmt::format("{{\"alarm\": {}, \"ok\": {}, \"info\": {}, \"skip\": {}, \"error\": {}}}", counts.of(Status::alarm), counts.of(Status::ok),
                       counts.of(Status::info), counts.of(Status::skip), counts.of(Status::error) + counts.of(Status::unknown));
}

// Names of columns of all rows, as Powerpipe shows them; ours of these names are told apart.
std::vector<std::string> dimensions_of(const Node& control) {
    std::vector<std::string> names;
    for (const audit::Result* result : control.results) {
        for (const auto& [name, value] : result->dimensions) {
            if (std::ranges::find(names, name) == names.end()) names.push_back(name);
        }
    }
    return names;
}

std::string column_of(std::string_view dimension) {
    constexpr std::string_view taken[] = {"reason", "resource", "status", "layer", "evidence"};
    return std::ranges::find(taken, dimension) == std::end(taken) ? std::string(dimension) : "dimension_" + std::string(dimension);
}

std::string evidence_text(const audit::Result& result) {
    if (result.evidence.empty()) return {};
    const audit::Evidence& first = result.evidence.front();
    std::string text = first.value.empty() ? first.locator : first.locator + " = " + shortened(first.value, value_bytes_max);
    if (result.evidence.size() > 1) text += fmt::format(" (and {} more)", result.evidence.size() - 1);
    return text;
}

void write_row(const audit::Result& result, std::ostream& out) {
    const bool unknown = result.status == audit::Status::unknown;
    out << "{\"reason\": " << json::quote((unknown ? "unknown: " : "") + result.reason) << ", \"resource\": " << json::quote(name_of(result))
        << ", \"status\": \"" << (unknown ? "error" : audit::name(result.status)) << "\", \"layer\": " << json::quote(result.layer)
        << ", \"evidence\": " << json::quote(evidence_text(result));
    std::set<std::string_view> used;
    for (const auto& [name, value] : result.dimensions) {
        if (used.insert(name).second) out << ", " << json::quote(column_of(name)) << ": " << json::quote(value);
    }
    out << '}';
}

void write_control(const Node& node, std::ostream& out) {
    const audit::Control& control = *node.control;
    out << "{\"name\": " << json::quote(panel_name(node)) << ", \"title\": " << json::quote(control.title)
        << ", \"description\": " << json::quote(control.description) << ", \"tags\": {\"remediation\": " << json::quote(one_line(control.remediation)) << '}'
        << ", \"panel_type\": \"control\", \"properties\": {\"name\": " << json::quote(control.id) << ", \"severity\": " << json::quote(control.severity)
        << "}, \"summary\": " << summary(node.counts) << ", \"status\": \"complete\", \"data\": {\"columns\": [";
    const char* separator = "";
    std::vector<std::string> columns = {"reason", "resource", "status", "layer", "evidence"};
    for (const std::string& name : dimensions_of(node)) columns.push_back(column_of(name));
    for (const std::string& name : columns) {
        out << separator << "{\"name\": " << json::quote(name) << ", \"data_type\": \"TEXT\"}";
        separator = ", ";
    }
    out << "], \"rows\": [";
    separator = "\n";
    for (const audit::Result* result : node.results) {
        out << separator;
        write_row(*result, out);
        separator = ",\n";
    }
    out << "]}}";
}

void write_group(std::string_view name, std::string_view title, std::string_view description, const Counts& counts, std::ostream& out) {
    out << "{\"name\": " << json::quote(name) << ", \"title\": " << json::quote(title) << ", \"description\": " << json::quote(description)
        << ", \"panel_type\": \"benchmark\", \"status\": \"complete\", \"summary\": {\"status\": " << summary(counts) << "}}";
}

// A control may stand in many groups; its panel is there once.
void write_panels(const Node& node, std::set<std::string>& written, std::ostream& out) {
    const std::string name = panel_name(node);
    if (!written.insert(name).second) return;
    out << ",\n" << json::quote(name) << ": ";
    if (node.control != nullptr) {
        write_control(node, out);
    } else {
        write_group(name, node.benchmark->title, node.benchmark->description, node.counts, out);
    }
    for (const Node& child : node.children) write_panels(child, written, out);
}

void write_layout(const std::vector<Node>& nodes, std::ostream& out) {
    out << ", \"children\": [";
    const char* separator = "";
    for (const Node& node : nodes) {
        out << separator << "{\"name\": " << json::quote(panel_name(node));
        if (!node.children.empty()) write_layout(node.children, out);
        out << ", \"panel_type\": \"" << (node.control != nullptr ? "control" : "benchmark") << "\"}";
        separator = ", ";
    }
    out << ']';
}

void write_pps(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    const std::vector<Node> roots = tree(audit);
    out << "{\"schema_version\": \"20240607\",\n\"panels\": {\n" << json::quote(root_name) << ": ";
    write_group(root_name, "bulkhead: " + host_name(audit), "", count(audit.results), out);
    std::set<std::string> written = {std::string(root_name)};
    for (const Node& root : roots) write_panels(root, written, out);
    const UnixMs start = audit.started_at == 0 ? audit.as_of : audit.started_at;
    out << "\n},\n\"inputs\": {},\n\"variables\": {},\n\"search_path\": [],\n\"start_time\": \"" << rfc3339(std::min(start, audit.as_of))
        << "\",\n\"end_time\": \"" << rfc3339(std::max(start, audit.as_of)) << "\",\n\"layout\": {\"name\": " << json::quote(root_name);
    write_layout(roots, out);
    out << ", \"panel_type\": \"benchmark\"}}\n";
}

}  // namespace

Format pps() { return {.name = "pps", .help = "Powerpipe's snapshot, for its dashboards", .write = write_pps, .suffixes = {".pps"}}; }

}  // namespace bulkhead::report
