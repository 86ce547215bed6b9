// SPDX-License-Identifier: Apache-2.0
// Names of addresses, as answers on the wire told them to the one who asked: two clients may be told different things, so each has its own
// names, and all share a fallback. Bounded by count and by the answers' time to live. Owned by the flow thread.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "flow/l7.h"
#include "packet/packet.h"

namespace bulkhead::agent {

struct DnsLimits {
    std::size_t names_max = 100'000;             // (client, address) pairs; the one that was told longest ago goes first
    std::size_t of_one_max = 4;                  // names of one address for one client
    std::int64_t at_least_ns = 300'000'000'000;  // programs keep addresses longer than they are told to
    std::int64_t at_most_ns = 86'400'000'000'000;
};

class DnsNames {
  public:
    explicit DnsNames(DnsLimits limits = {}) : limits_(limits) {}

    // Addresses among the answers to `client` are called as was asked for.
    void learn(const packet::Address& client, const flow::DnsQuery& query);
    // The last told first; empty where nobody was told.
    [[nodiscard]] std::vector<std::string> names(const packet::Address& client, const packet::Address& address, std::int64_t time_ns) const;
    [[nodiscard]] std::size_t size() const { return known_.size(); }

  private:
    struct Pair {
        packet::Address client{}, address{};
        bool operator==(const Pair&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Pair& pair) const;
    };
    struct Known {
        std::vector<std::pair<std::string, std::int64_t>> names;  // until when
        std::list<Pair>::iterator age;
    };
    void put(const Pair& pair, const std::string& name, std::int64_t until_ns);

    const DnsLimits limits_;
    std::unordered_map<Pair, Known, Hash> known_;
    std::list<Pair> ages_;  // told longest ago first
};

}  // namespace bulkhead::agent
