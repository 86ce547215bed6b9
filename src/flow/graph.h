// SPDX-License-Identifier: Apache-2.0
// The map: edges as a graph, with a place for each node, and as text: dot (Graphviz), mermaid, JSON (schema bulkhead.map/1) and SVG. Names
// come from outside and are escaped by each format's own rules. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flow/edges.h"

namespace bulkhead::flow {

inline constexpr std::string_view map_formats[] = {"dot", "mermaid", "json", "svg"};

struct Link {
    std::size_t source = 0, destination = 0;  // of nodes
    std::vector<std::string> labels;          // "5432 postgresql", most bytes first
    EdgeCounts counts;
    std::int64_t first_ns = 0, last_ns = 0;
    std::uint64_t encrypted = 0, clear = 0;
};

// Between two ends one link, whatever they speak. What is beyond links_max, by bytes, is only counted.
struct Graph {
    std::vector<EdgeEnd> nodes;
    std::vector<Link> links;
    std::uint64_t links_left_out = 0;
    std::uint64_t edges_left_out = 0;  // that Edges summed up as others
    EdgeCounts left_out;
};
Graph graph_of(const Edges& edges, std::size_t links_max);

std::string dot_text(const Graph& graph);
std::string mermaid_text(const Graph& graph);
std::string map_json_text(const Graph& graph, const Edges& edges);
std::string svg_text(const Graph& graph);

// In which column a node stands (who asks left of who is asked, cycles broken) and at which place of it.
struct Place {
    std::size_t column = 0, row = 0;
};
std::vector<Place> places_of(const Graph& graph);

}  // namespace bulkhead::flow
