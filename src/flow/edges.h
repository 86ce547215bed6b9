// SPDX-License-Identifier: Apache-2.0
// Flows summed up: who talks to whom, by which protocol and port. What a map draws and a summary tells. Bounded: when there are too many
// edges, those that are neither among the most used nor among the latest are summed up as `others`. Pure; owned by one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "flow/flow_source.h"
#include "flow/observed.h"

namespace bulkhead::flow {

// An end of an edge. Many containers of a service, and all clients from outside, are one.
struct EdgeEnd {
    std::string name;  // as end_name; "external" for clients that have no name
    Who kind = Who::unknown;
    std::string project;
    auto operator<=>(const EdgeEnd&) const = default;
};

struct EdgeKey {
    EdgeEnd source, destination;
    std::uint8_t protocol = 0;
    std::uint16_t port = 0;  // of the destination; 0: the protocol has none
    auto operator<=>(const EdgeKey&) const = default;
};

// Flows with an error, each counted once, under the first of these that holds.
struct EdgeErrors {
    std::uint64_t denied = 0, refused = 0, unanswered = 0, http = 0, dns = 0, reset = 0;
    [[nodiscard]] std::uint64_t sum() const { return denied + refused + unanswered + http + dns + reset; }
    void add(const EdgeErrors& other);
};

struct EdgeCounts {
    std::uint64_t flows = 0;
    std::uint64_t packets[2] = {0, 0};  // to destination, to source
    std::uint64_t bytes[2] = {0, 0};
    EdgeErrors errors;
    void add(const EdgeCounts& other);
    [[nodiscard]] std::uint64_t bytes_both() const { return bytes[0] + bytes[1]; }
};

struct Edge {
    EdgeKey key;
    EdgeCounts counts;
    std::int64_t first_ns = 0, last_ns = 0;
    std::set<std::string> said;  // names of what was spoken, at most edge_names_max
    std::set<std::string> networks;
    std::uint64_t encrypted = 0, clear = 0;  // flows of which the wire told
};
inline constexpr std::size_t edge_names_max = 8;

struct EdgeLimits {
    std::size_t edges_max = 20'000;
    std::size_t open_flows_max = 200'000;  // that were handed over and are not over: their counts so far
};

class Edges {
  public:
    explicit Edges(EdgeLimits limits = {}) : limits_(limits) {}

    // Each moment of a flow may be given; it counts once, with its latest counts.
    void add(const Observed& flow, Moment moment);
    [[nodiscard]] std::vector<Edge> by_bytes() const;  // most first
    [[nodiscard]] std::size_t size() const { return edges_.size(); }
    [[nodiscard]] const EdgeCounts& others() const { return others_; }
    [[nodiscard]] std::uint64_t others_edges() const { return others_edges_; }
    [[nodiscard]] EdgeCounts total() const;
    [[nodiscard]] std::int64_t first_ns() const { return first_ns_; }
    [[nodiscard]] std::int64_t last_ns() const { return last_ns_; }

  private:
    struct OpenFlow {
        Key key;
        std::int64_t first_ns;
        bool operator==(const OpenFlow&) const = default;
    };
    struct OpenFlowHash {
        std::size_t operator()(const OpenFlow& flow) const;
    };
    void make_room();

    EdgeLimits limits_;
    std::map<EdgeKey, Edge> edges_;
    std::unordered_map<OpenFlow, EdgeCounts, OpenFlowHash> open_;
    EdgeCounts others_;
    std::uint64_t others_edges_ = 0;
    std::int64_t first_ns_ = 0, last_ns_ = 0;
};

EdgeKey edge_of(const Observed& flow);
EdgeErrors errors_of(const Observed& flow);  // one at most is 1

// "12 edges, 340 flows, ...", top talkers, what was seen first last, errors: for people.
struct SummaryStyle {
    std::size_t width = 0;  // 0: as wide as it needs
    std::size_t rows = 20;
    bool color = false;
};
std::string summary_text(const Edges& edges, const SummaryStyle& style);

}  // namespace bulkhead::flow
