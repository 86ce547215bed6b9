// SPDX-License-Identifier: Apache-2.0
#include "flow/edges.h"

#include <algorithm>

#include "flow/observed_text.h"
#include "flow/record_text.h"

namespace bulkhead::flow {

namespace {

constexpr int http_error = 500;
constexpr std::uint8_t syn = packet::tcp_flag::syn;

EdgeEnd edge_end(const Observed& flow, Side side) {
    const Party& party = side == Side::source ? flow.source : flow.destination;
    const Who kind = party.identity ? party.identity->who : Who::unknown;
    // A server outside is somebody; a crowd of clients is one.
    if (kind == Who::external && side == Side::source && party.names.empty()) return {"external", kind, {}};
    return {end_name(flow, side), kind, party.identity ? party.identity->project : std::string()};
}

void add_name(std::set<std::string>& names, const std::string& name) {
    if (!name.empty() && names.size() < edge_names_max) names.insert(name);
}

EdgeCounts counts_of(const Observed& flow, Moment moment) {
    EdgeCounts out;
    out.flows = 1;
    for (std::size_t i = 0; i < 2; ++i) {
        out.packets[i] = flow.record.sent[i].packets;
        out.bytes[i] = flow.record.sent[i].bytes;
    }
    // A flow that goes on may still be answered.
    if (moment == Moment::over) out.errors = errors_of(flow);
    return out;
}

EdgeCounts since(const EdgeCounts& now, const EdgeCounts& before) {
    EdgeCounts out = now;
    out.flows -= std::min(out.flows, before.flows);
    for (std::size_t i = 0; i < 2; ++i) {
        out.packets[i] -= std::min(out.packets[i], before.packets[i]);
        out.bytes[i] -= std::min(out.bytes[i], before.bytes[i]);
    }
    return out;
}

}  // namespace

void EdgeErrors::add(const EdgeErrors& other) {
    denied += other.denied;
    refused += other.refused;
    unanswered += other.unanswered;
    http += other.http;
    dns += other.dns;
    reset += other.reset;
}

void EdgeCounts::add(const EdgeCounts& other) {
    flows += other.flows;
    for (std::size_t i = 0; i < 2; ++i) {
        packets[i] += other.packets[i];
        bytes[i] += other.bytes[i];
    }
    errors.add(other.errors);
}

std::size_t Edges::OpenFlowHash::operator()(const OpenFlow& flow) const {
    std::size_t hash = static_cast<std::size_t>(flow.first_ns);
    for (const std::uint64_t word : words_of(flow.key)) hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL ^ hash >> 29U;
    return hash;
}

EdgeKey edge_of(const Observed& flow) {
    return {edge_end(flow, Side::source), edge_end(flow, Side::destination), flow.record.key.protocol(),
            has_ports(flow.record) ? flow.record.destination_port() : std::uint16_t{0}};
}

EdgeErrors errors_of(const Observed& flow) {
    EdgeErrors out;
    const Record& record = flow.record;
    const bool tcp = record.key.protocol() == packet::protocol::tcp;
    const bool accepted = (record.sent[1].tcp_flags & syn) != 0 || !record.source_certain;
    if (flow.verdict == Verdict::deny) {
        out.denied = 1;
    } else if (tcp && record.end == End::reset && !accepted) {
        out.refused = 1;
    } else if (tcp && record.sent[1].packets == 0 && record.end != End::running) {
        out.unanswered = 1;
    } else if (flow.l7 && std::ranges::any_of(flow.l7->http, [](const HttpRequest& request) { return request.status >= http_error; })) {
        out.http = 1;
    } else if (flow.l7 && std::ranges::any_of(flow.l7->dns, [](const DnsQuery& query) { return query.rcode > 0; })) {
        out.dns = 1;
    } else if (tcp && record.end == End::reset) {
        out.reset = 1;
    }
    return out;
}

void Edges::add(const Observed& flow, Moment moment) {
    const OpenFlow id{flow.record.key, flow.record.first_ns};
    EdgeCounts counts = counts_of(flow, moment);
    const EdgeCounts whole = counts;
    const auto known = open_.find(id);
    if (known != open_.end()) counts = since(counts, known->second);
    if (moment == Moment::over) {
        if (known != open_.end()) open_.erase(known);
    } else {
        // Whoever is forgotten here counts twice should it be told of again.
        if (known == open_.end() && open_.size() >= limits_.open_flows_max) open_.erase(open_.begin());
        open_[id] = whole;
    }
    EdgeKey key = edge_of(flow);
    auto found = edges_.find(key);
    if (found == edges_.end()) {
        if (edges_.size() >= limits_.edges_max) make_room();
        Edge edge;
        edge.key = key;
        edge.first_ns = flow.record.first_ns;
        edge.last_ns = flow.record.last_ns;
        found = edges_.emplace(std::move(key), std::move(edge)).first;
    }
    Edge& edge = found->second;
    edge.counts.add(counts);
    edge.first_ns = std::min(edge.first_ns, flow.record.first_ns);
    edge.last_ns = std::max(edge.last_ns, flow.record.last_ns);
    if (flow.l7) add_name(edge.said, flow.l7->application.empty() ? flow.l7->name : flow.l7->application);
    add_name(edge.networks, flow.network);
    if (counts.flows > 0) {
        if (const auto sealed = flow.encrypted ? flow.encrypted : encrypted(flow.record)) ++(*sealed ? edge.encrypted : edge.clear);
    }
    first_ns_ = first_ns_ == 0 ? flow.record.first_ns : std::min(first_ns_, flow.record.first_ns);
    last_ns_ = std::max(last_ns_, flow.record.last_ns);
}

// Keeps half of what fits: a quarter by use, a quarter by the last time. So a flood of new edges costs no more than a sort now and then.
void Edges::make_room() {
    std::vector<const Edge*> order;
    for (const auto& [key, edge] : edges_) order.push_back(&edge);
    std::set<EdgeKey> kept;
    const std::size_t quarter = std::max<std::size_t>(limits_.edges_max / 4, 1);
    std::ranges::sort(order, [](const Edge* a, const Edge* b) { return a->counts.bytes_both() > b->counts.bytes_both(); });
    for (std::size_t i = 0; i < std::min(quarter, order.size()); ++i) kept.insert(order[i]->key);
    std::ranges::sort(order, [](const Edge* a, const Edge* b) { return a->last_ns > b->last_ns; });
    for (std::size_t i = 0; i < std::min(quarter, order.size()); ++i) kept.insert(order[i]->key);
    std::erase_if(edges_, [&](const auto& one) {
        if (kept.contains(one.first)) return false;
        others_.add(one.second.counts);
        ++others_edges_;
        return true;
    });
}

std::vector<Edge> Edges::by_bytes() const {
    std::vector<Edge> out;
    for (const auto& [key, edge] : edges_) out.push_back(edge);
    std::ranges::stable_sort(out, [](const Edge& a, const Edge& b) { return a.counts.bytes_both() > b.counts.bytes_both(); });
    return out;
}

EdgeCounts Edges::total() const {
    EdgeCounts out = others_;
    for (const auto& [key, edge] : edges_) out.add(edge.counts);
    return out;
}

}  // namespace bulkhead::flow
