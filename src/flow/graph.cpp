// SPDX-License-Identifier: Apache-2.0
#include "flow/graph.h"

#include <algorithm>
#include <map>

#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr std::size_t labels_max = 3;
constexpr int sweeps = 8;

std::string label_of(const Edge& edge) {
    std::string out = edge.key.port != 0 ? std::to_string(edge.key.port) : protocol_name(edge.key.protocol);
    if (edge.key.port != 0 && edge.key.protocol != packet::protocol::tcp) out += '/' + protocol_name(edge.key.protocol);
    if (!edge.said.empty()) out += ' ' + *edge.said.begin();
    return out;
}

// Longest way from who is asked by nobody, along links that lead no circle.
class Columns {
  public:
    explicit Columns(const Graph& graph) : next_(graph.nodes.size()), state_(graph.nodes.size(), State::fresh), column_(graph.nodes.size(), 0) {
        std::vector<std::size_t> asked(graph.nodes.size(), 0);
        for (const Link& link : graph.links) {
            if (link.source == link.destination) continue;
            next_[link.source].push_back(link.destination);
            ++asked[link.destination];
        }
        // Who asks and is not asked begins, then whoever is left.
        for (const bool roots : {true, false}) {
            for (std::size_t node = 0; node < next_.size(); ++node) {
                if ((asked[node] == 0) == roots) visit(node);
            }
        }
        for (auto node = order_.rbegin(); node != order_.rend(); ++node) {
            for (const std::size_t to : kept_[*node]) column_[to] = std::max(column_[to], column_[*node] + 1);
        }
    }
    [[nodiscard]] const std::vector<std::size_t>& all() const { return column_; }

  private:
    enum class State : std::uint8_t { fresh, open, done };
    // Depth first without recursion: a chain may be as long as there are nodes.
    void visit(std::size_t begin) {
        if (state_[begin] != State::fresh) return;
        std::vector<std::pair<std::size_t, std::size_t>> way = {{begin, 0}};
        state_[begin] = State::open;
        while (!way.empty()) {
            auto& [node, at] = way.back();
            if (at == next_[node].size()) {
                state_[node] = State::done;
                order_.push_back(node);
                way.pop_back();
                continue;
            }
            const std::size_t to = next_[node][at++];
            if (state_[to] == State::open) continue;  // this one would close a circle
            kept_[node].push_back(to);
            if (state_[to] == State::fresh) {
                state_[to] = State::open;
                way.emplace_back(to, 0);
            }
        }
    }
    std::vector<std::vector<std::size_t>> next_;
    std::map<std::size_t, std::vector<std::size_t>> kept_;
    std::vector<State> state_;
    std::vector<std::size_t> column_, order_;
};

}  // namespace

Graph graph_of(const Edges& edges, std::size_t links_max) {
    Graph out;
    out.edges_left_out = edges.others_edges();
    out.left_out = edges.others();
    std::map<EdgeEnd, std::size_t> numbers;
    std::map<std::pair<EdgeEnd, EdgeEnd>, Link> links;
    for (const Edge& edge : edges.by_bytes()) {
        auto [found, is_new] = links.try_emplace({edge.key.source, edge.key.destination});
        Link& link = found->second;
        link.first_ns = is_new ? edge.first_ns : std::min(link.first_ns, edge.first_ns);
        link.last_ns = std::max(link.last_ns, edge.last_ns);
        link.counts.add(edge.counts);
        link.encrypted += edge.encrypted;
        link.clear += edge.clear;
        if (link.labels.size() < labels_max) {
            link.labels.push_back(label_of(edge));
        } else if (link.labels.size() == labels_max) {
            link.labels.emplace_back("...");
        }
    }
    std::vector<std::pair<const std::pair<EdgeEnd, EdgeEnd>, Link>*> order;
    for (auto& one : links) order.push_back(&one);
    std::ranges::stable_sort(order, [](const auto* a, const auto* b) { return a->second.counts.bytes_both() > b->second.counts.bytes_both(); });
    const auto number_of = [&](const EdgeEnd& end) {
        const auto [found, is_new] = numbers.try_emplace(end, out.nodes.size());
        if (is_new) out.nodes.push_back(end);
        return found->second;
    };
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i >= links_max) {
            ++out.links_left_out;
            out.left_out.add(order[i]->second.counts);
            continue;
        }
        Link link = std::move(order[i]->second);
        link.source = number_of(order[i]->first.first);
        link.destination = number_of(order[i]->first.second);
        out.links.push_back(std::move(link));
    }
    return out;
}

std::vector<Place> places_of(const Graph& graph) {
    const Columns columns(graph);
    std::vector<Place> out(graph.nodes.size());
    std::map<std::size_t, std::vector<std::size_t>> standing;
    for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
        out[node].column = columns.all()[node];
        standing[out[node].column].push_back(node);
    }
    std::vector<std::vector<std::size_t>> beside(graph.nodes.size());
    for (const Link& link : graph.links) {
        beside[link.source].push_back(link.destination);
        beside[link.destination].push_back(link.source);
    }
    // Projects stay together at first; then each goes towards the middle of those it talks with.
    for (auto& [column, nodes] : standing) {
        std::ranges::stable_sort(nodes, [&](std::size_t a, std::size_t b) { return graph.nodes[a].project < graph.nodes[b].project; });
        for (std::size_t row = 0; row < nodes.size(); ++row) out[nodes[row]].row = row;
    }
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        for (auto& [column, nodes] : standing) {
            std::map<std::size_t, double> middle;
            for (const std::size_t node : nodes) {
                double sum = 0;
                for (const std::size_t other : beside[node])
                    sum += (static_cast<double>(out[other].row) + 0.5) / static_cast<double>(standing[out[other].column].size());
                middle[node] = beside[node].empty() ? 0 : sum / static_cast<double>(beside[node].size());
            }
            std::ranges::stable_sort(nodes, [&](std::size_t a, std::size_t b) { return middle[a] < middle[b]; });
            for (std::size_t row = 0; row < nodes.size(); ++row) out[nodes[row]].row = row;
        }
    }
    return out;
}

}  // namespace bulkhead::flow
