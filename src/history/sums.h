// SPDX-License-Identifier: Apache-2.0
// What is summed up before it is written: per minute and pair (who with whom, on which port, by which protocol and application). Bounded: beyond some
// thousand new pairs a minute, as a scan of ports makes them, the port is left out and that is counted. Owned by the writer's thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "flow/observed.h"
#include "history/dictionary.h"

namespace bulkhead::history {

inline constexpr std::size_t new_pairs_a_minute_max = 4096;
inline constexpr std::size_t pairs_max = 65'536;  // in memory
inline constexpr std::int64_t any_port = -1;

struct Sum {
    std::int64_t flows = 0, errors = 0;
    std::int64_t packets_to_destination = 0, packets_to_source = 0;
    std::int64_t bytes_to_destination = 0, bytes_to_source = 0;
};

// An end as a map shows it: what stays the same when a container is made anew.
struct PairEnd {
    flow::Who who = flow::Who::unknown;
    std::string project, service, container, network, node;
};

struct Pair {
    PairEnd source, destination;
    std::uint8_t protocol = 0;
    std::int64_t port = any_port;
    std::string l7_name;
    std::int64_t row = 0;                                    // in index.sqlite; 0: not written yet
    std::int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;  // since it was written last
};

// Whether nobody got what they asked for: reset, unanswered, denied, HTTP 5xx, DNS with an error.
bool went_wrong(const flow::Observed& observed);

class Sums {
  public:
    // Adds to the pair that the conversation remembers, or finds it and lets the conversation remember it.
    void add(const flow::Observed& observed, ConversationId& conversation);

    struct Entry {
        std::int64_t minute = 0;  // since 1970
        std::uint32_t pair = 0;   // of pairs()
        Sum sum;
    };
    [[nodiscard]] std::vector<Entry> entries() const;
    [[nodiscard]] std::vector<Pair>& pairs() { return pairs_; }
    [[nodiscard]] std::size_t waiting() const { return sums_.size(); }
    [[nodiscard]] std::uint64_t folded() const { return folded_; }
    // What entries() gave is on disk.
    void written();
    // It never will be.
    void drop();

  private:
    std::uint32_t pair_of(const flow::Observed& observed, std::int64_t minute, bool& is_folded);
    std::uint32_t find_or_add(Pair pair, const std::string& key);

    std::vector<Pair> pairs_;
    std::uint32_t generation_ = 1;  // of pairs_: numbers of another one mean nothing
    boost::unordered_flat_map<std::string, std::uint32_t> numbers_;
    boost::unordered_flat_map<std::uint64_t, Sum> sums_;  // minute << 32 | pair
    std::int64_t pairs_minute_ = 0;
    std::size_t new_pairs_ = 0;
    std::uint64_t folded_ = 0;
};

}  // namespace bulkhead::history
