// SPDX-License-Identifier: Apache-2.0
#include "history/sums.h"

#include <algorithm>

namespace bulkhead::history {

namespace {

constexpr std::int64_t ns_per_minute = 60'000'000'000;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr int http_server_error = 500;

PairEnd end_of(const flow::Party& party) {
    if (!party.identity) return {};
    const flow::Identity& identity = *party.identity;
    // A task's container has a name of its own each time: the service stands for all of them.
    const bool is_task = !identity.task.empty() && !identity.service.empty();
    return {identity.who, identity.project, identity.service, is_task ? std::string() : identity.container, identity.network, identity.node};
}

void append(std::string& key, const PairEnd& end) {
    key += static_cast<char>(end.who);
    for (const std::string* field : {&end.project, &end.service, &end.container, &end.network, &end.node}) {
        key += std::to_string(field->size());
        key += ':';
        key += *field;
    }
}

std::string key_of(const Pair& pair) {
    std::string key;
    append(key, pair.source);
    append(key, pair.destination);
    return key + std::to_string(pair.protocol) + ' ' + std::to_string(pair.port) + ' ' + pair.l7_name;
}

bool has_ports(std::uint8_t protocol) {
    return protocol == packet::protocol::tcp || protocol == packet::protocol::udp || protocol == packet::protocol::udplite ||
           protocol == packet::protocol::sctp;
}

}  // namespace

bool went_wrong(const flow::Observed& observed) {
    const flow::Record& record = observed.record;
    if (observed.verdict == flow::Verdict::deny || record.end == flow::End::reset) return true;
    if (record.key.protocol() == packet::protocol::tcp && record.sent[1].packets == 0) return true;
    if (!observed.l7) return false;
    return std::ranges::any_of(observed.l7->http, [](const flow::HttpRequest& request) { return request.status >= http_server_error; }) ||
           std::ranges::any_of(observed.l7->dns, [](const flow::DnsQuery& query) { return query.rcode > 0; });
}

std::uint32_t Sums::find_or_add(Pair pair, const std::string& key) {
    if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(pairs_.size());
    pairs_.push_back(std::move(pair));
    numbers_.emplace(key, number);
    return number;
}

std::uint32_t Sums::pair_of(const flow::Observed& observed, std::int64_t minute, bool& is_folded) {
    Pair pair{.source = end_of(observed.source), .destination = end_of(observed.destination), .protocol = observed.record.key.protocol(), .l7_name = {}};
    if (observed.l7) pair.l7_name = observed.l7->name;
    pair.port = has_ports(pair.protocol) ? observed.record.destination_port() : 0;
    std::string key = key_of(pair);
    if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
    if (minute != pairs_minute_) new_pairs_ = 0;
    pairs_minute_ = minute;
    is_folded = ++new_pairs_ > new_pairs_a_minute_max;
    if (is_folded) {
        pair.port = any_port;
        key = key_of(pair);
    }
    return find_or_add(std::move(pair), key);
}

void Sums::add(const flow::Observed& observed, ConversationId& conversation) {
    const std::int64_t minute = observed.record.last_ns / ns_per_minute;
    std::uint32_t number = conversation.pair;
    if (conversation.pair_generation != generation_) {
        bool is_folded = false;
        number = pair_of(observed, minute, is_folded);
        if (is_folded) {
            ++folded_;  // not remembered: its next flow may be named again
        } else {
            conversation.pair = number;
            conversation.pair_generation = generation_;
        }
    }
    Pair& pair = pairs_[number];
    pair.first_ms = std::min(pair.first_ms, observed.record.first_ns / ns_per_ms);
    pair.last_ms = std::max(pair.last_ms, observed.record.last_ns / ns_per_ms);
    Sum& sum = sums_[static_cast<std::uint64_t>(minute) << 32U | number];
    ++sum.flows;
    sum.errors += went_wrong(observed) ? 1 : 0;
    sum.packets_to_destination += static_cast<std::int64_t>(observed.record.sent[0].packets);
    sum.packets_to_source += static_cast<std::int64_t>(observed.record.sent[1].packets);
    sum.bytes_to_destination += static_cast<std::int64_t>(observed.record.sent[0].bytes);
    sum.bytes_to_source += static_cast<std::int64_t>(observed.record.sent[1].bytes);
}

std::vector<Sums::Entry> Sums::entries() const {
    std::vector<Entry> out;
    out.reserve(sums_.size());
    for (const auto& [key, sum] : sums_) out.push_back({static_cast<std::int64_t>(key >> 32U), static_cast<std::uint32_t>(key), sum});
    return out;
}

void Sums::written() {
    sums_.clear();
    for (Pair& pair : pairs_) {
        pair.first_ms = INT64_MAX;
        pair.last_ms = INT64_MIN;
    }
    if (pairs_.size() < pairs_max) return;
    pairs_.clear();
    numbers_.clear();
    ++generation_;
}

void Sums::drop() { written(); }

}  // namespace bulkhead::history
