// SPDX-License-Identifier: Apache-2.0
// The map as dot, mermaid and JSON (graph.h).
#include <fmt/format.h>

#include <map>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "flow/graph.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

// Within double quotes; a backslash is one there, too (https://graphviz.org/doc/info/lang.html).
std::string dot_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char letter : text::printable(text)) {
        if (letter == '"' || letter == '\\') out += '\\';
        out += letter;
    }
    return out + "\"";
}

// Mermaid knows HTML's numbered characters with # for &#; what could end a label, begin another or be taken for markup is written so.
std::string mermaid_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char letter : text::printable(text)) {
        if (std::string_view("\"#<>&;`|[]{}()\\*_%").find(letter) != std::string_view::npos) {
            out += fmt::format("#{};", static_cast<int>(letter));
        } else {
            out += letter;
        }
    }
    return out + "\"";
}

std::map<std::string, std::vector<std::size_t>> by_project(const Graph& graph) {
    std::map<std::string, std::vector<std::size_t>> out;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) out[graph.nodes[i].project].push_back(i);
    return out;
}

std::string left_out_text(const Graph& graph) {
    return fmt::format("{} more links and {} edges that were little used: {} flows, {}", graph.links_left_out, graph.edges_left_out, graph.left_out.flows,
                       size_text(graph.left_out.bytes_both()));
}
bool leaves_out(const Graph& graph) { return graph.links_left_out + graph.edges_left_out > 0; }

}  // namespace

std::string dot_text(const Graph& graph) {
    std::string out =
        "digraph bulkhead {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n";
    std::size_t cluster = 0;
    for (const auto& [project, nodes] : by_project(graph)) {
        if (!project.empty()) out += fmt::format("  subgraph cluster_{} {{\n    label={};\n", cluster++, dot_quoted(project));
        for (const std::size_t node : nodes) out += fmt::format("    n{} [label={}];\n", node, dot_quoted(graph.nodes[node].name));
        if (!project.empty()) out += "  }\n";
    }
    for (const Link& link : graph.links) {
        std::string quoted = dot_quoted(text::join(link.labels, ", "));
        quoted.insert(quoted.size() - 1, "\\n" + size_text(link.counts.bytes_both()));
        out += fmt::format("  n{} -> n{} [label={}{}];\n", link.source, link.destination, quoted, link.counts.errors.sum() > 0 ? ", color=\"#c0392b\"" : "");
    }
    if (leaves_out(graph)) out += fmt::format("  label={};\n", dot_quoted(left_out_text(graph)));
    return out + "}\n";
}

std::string mermaid_text(const Graph& graph) {
    std::string out = "flowchart LR\n";
    std::size_t cluster = 0;
    for (const auto& [project, nodes] : by_project(graph)) {
        if (!project.empty()) out += fmt::format("  subgraph p{}[{}]\n", cluster++, mermaid_quoted(project));
        for (const std::size_t node : nodes) out += fmt::format("    n{}[{}]\n", node, mermaid_quoted(graph.nodes[node].name));
        if (!project.empty()) out += "  end\n";
    }
    for (const Link& link : graph.links)
        out += fmt::format("  n{} -->|{}| n{}\n", link.source, mermaid_quoted(text::join(link.labels, ", ")), link.destination);
    if (leaves_out(graph)) out += fmt::format("  others[{}]\n", mermaid_quoted(left_out_text(graph)));
    return out;
}

std::string map_json_text(const Graph& graph, const Edges& edges) {
    std::string out = "{\"schema\":\"bulkhead.map/1\",\"nodes\":[";
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const EdgeEnd& node = graph.nodes[i];
        out += fmt::format("{}\n{{\"id\":{},\"name\":{},\"kind\":\"{}\"", i == 0 ? "" : ",", i, json::quote(node.name), name(node.kind));
        if (!node.project.empty()) out += fmt::format(",\"project\":{}", json::quote(node.project));
        out += '}';
    }
    std::map<EdgeEnd, std::size_t> numbers;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) numbers[graph.nodes[i]] = i;
    out += "\n],\"edges\":[";
    bool first = true;
    for (const Edge& edge : edges.by_bytes()) {
        const auto source = numbers.find(edge.key.source);
        const auto destination = numbers.find(edge.key.destination);
        if (source == numbers.end() || destination == numbers.end()) continue;
        out += fmt::format("{}\n{{\"source\":{},\"destination\":{},\"protocol\":\"{}\"", first ? "" : ",", source->second, destination->second,
                           protocol_name(edge.key.protocol));
        first = false;
        if (edge.key.port != 0) out += fmt::format(",\"port\":{}", edge.key.port);
        if (!edge.said.empty()) {
            out += ",\"l7\":[";
            for (const std::string& said : edge.said) out += (&said == &*edge.said.begin() ? "" : ",") + json::quote(said);
            out += ']';
        }
        out += fmt::format(
            ",\"first_seen\":\"{}\",\"last_seen\":\"{}\",\"flows\":{},\"errors\":{},\"packets\":{{\"to_destination\":{},\"to_source\":{}}},"
            "\"bytes\":{{\"to_destination\":{},\"to_source\":{}}},\"encrypted\":{},\"clear\":{}}}",
            rfc3339(edge.first_ns / ns_per_ms), rfc3339(edge.last_ns / ns_per_ms), edge.counts.flows, edge.counts.errors.sum(), edge.counts.packets[0],
            edge.counts.packets[1], edge.counts.bytes[0], edge.counts.bytes[1], edge.encrypted, edge.clear);
    }
    out += fmt::format("\n],\"left_out\":{{\"links\":{},\"edges\":{},\"flows\":{},\"bytes\":{}}}}}\n", graph.links_left_out, graph.edges_left_out,
                       graph.left_out.flows, graph.left_out.bytes_both());
    return out;
}

}  // namespace bulkhead::flow
