// SPDX-License-Identifier: Apache-2.0
#include "agent/dns_names.h"

#include <algorithm>
#include <cstring>

#include "agent/identities.h"

namespace bulkhead::agent {

namespace {

constexpr packet::Address anybody{};

}  // namespace

std::size_t DnsNames::Hash::operator()(const Pair& pair) const {
    std::uint64_t value = 0;
    for (const packet::Address* address : {&pair.client, &pair.address}) {
        for (std::size_t half = 0; half < 16; half += 8) {
            std::uint64_t word;
            std::memcpy(&word, address->data() + half, 8);
            value = (value ^ word) * 0x9e3779b97f4a7c15ULL;
            value ^= value >> 29;
        }
    }
    return value;
}

void DnsNames::put(const Pair& pair, const std::string& name, std::int64_t until_ns) {
    const auto [place, fresh] = known_.try_emplace(pair);
    Known& known = place->second;
    if (!fresh) ages_.erase(known.age);
    ages_.push_back(pair);
    known.age = std::prev(ages_.end());
    std::erase_if(known.names, [&](const auto& one) { return one.first == name; });
    known.names.insert(known.names.begin(), {name, until_ns});
    if (known.names.size() > limits_.of_one_max) known.names.pop_back();
    while (known_.size() > limits_.names_max) {
        known_.erase(ages_.front());
        ages_.pop_front();
    }
}

void DnsNames::learn(const packet::Address& client, const flow::DnsQuery& query) {
    if (query.rcode != 0 || query.name.empty()) return;
    const std::int64_t lives_ns = std::clamp(std::int64_t{query.ttl} * 1'000'000'000, limits_.at_least_ns, limits_.at_most_ns);
    for (const std::string& answer : query.answers) {
        const auto address = IpAddress::parse(answer);
        if (!address) continue;
        put({client, mapped_address(*address)}, query.name, query.time_ns + lives_ns);
        put({anybody, mapped_address(*address)}, query.name, query.time_ns + lives_ns);
    }
}

std::vector<std::string> DnsNames::names(const packet::Address& client, const packet::Address& address, std::int64_t time_ns) const {
    std::vector<std::string> out;
    for (const packet::Address* who : {&client, &anybody}) {
        const auto found = known_.find({*who, address});
        if (found == known_.end()) continue;
        for (const auto& [name, until_ns] : found->second.names) {
            if (time_ns <= until_ns) out.push_back(name);
        }
        if (!out.empty()) break;
    }
    return out;
}

}  // namespace bulkhead::agent
