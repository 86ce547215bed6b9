// SPDX-License-Identifier: Apache-2.0
// Reads a history folder (history/writer.h), while it is written or afterwards. Never blocks the writer: each read is a short
// transaction of a few thousand rows, and callers are called outside of it. A Reader is owned by one thread; any number of them may read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"
#include "flow/observed.h"
#include "history/event.h"

namespace bulkhead::history {

// Terms of one kind are alternatives, kinds have to hold together; an empty list asks for nothing.
struct EndQuery {
    std::vector<std::string> containers;  // names, ids, or at least 12 digits of an id
    std::vector<std::string> services;    // "web" or "shop/web"
    std::vector<std::string> projects;
    std::vector<std::string> images;
    std::vector<Prefix> addresses;
    std::vector<std::uint16_t> ports;
    [[nodiscard]] bool any() const;
};

enum class Said : std::uint8_t { anything, http, dns, tls };

struct Query {
    // Flows with a part in [since, until], by their first and last packet.
    std::int64_t since_ns = INT64_MIN;
    std::int64_t until_ns = INT64_MAX;
    EndQuery either, source, destination;  // either: all its kinds hold for one of the ends
    std::vector<std::uint8_t> protocols;
    std::vector<std::string> networks;  // the container network it was seen on
    std::vector<std::string> l7_names;  // name or application
    Said said = Said::anything;         // only flows with requests, queries or sessions that are kept
    bool newest_first = false;          // else in the order in which they were written, which is nearly that of their ends
    bool exchanges = true;              // fill in http, dns and tls of L7; without it only names
};

struct ReadResult {
    std::uint64_t flows = 0;      // given to the caller
    std::uint64_t looked_at = 0;  // rows
    bool stopped = false;         // by the caller
};

// Sums of what went from one to the other, of whole minutes (of whole hours where minutes are gone). They count flows whose rows found no room, too. Identities
// are what a map shows: without ids and labels.
struct Edge {
    flow::Identity source, destination;
    std::uint8_t protocol = 0;
    std::optional<std::uint16_t> port;  // of the destination; nothing: it had too many ports in a minute to name them
    std::string l7_name;
    UnixMs first_seen_ms = 0, last_seen_ms = 0;  // of all that is known, not only of the time that was asked for
    std::uint64_t flows = 0, errors = 0;         // errors: reset, unanswered, denied, HTTP 5xx, DNS with an error
    std::uint64_t packets_to_destination = 0, packets_to_source = 0;
    std::uint64_t bytes_to_destination = 0, bytes_to_source = 0;
};

struct Interval {
    UnixMs from_ms = 0, until_ms = 0;
};

struct Pruned {
    UnixMs time_ms = 0;                // when
    UnixMs from_ms = 0, until_ms = 0;  // what
    std::string what;                  // "flows", "minutes", "hours", "containers", "counters"
    std::int64_t rows = 0;
    std::string cause;  // "age", "size"
};

// What of [since, until] was watched. What is in none of `watched` was seen by nobody. What was pruned since was watched, too: pruned().
struct Coverage {
    std::vector<Interval> watched;  // by ascending time, not overlapping
    std::vector<BlindSpot> blind;   // within them: losses, and what the datapath could not see
    [[nodiscard]] UnixMs watched_ms() const;
};

class Reader {
  public:
    // not_found: no history there. permission_denied, corrupt, unsupported (of a newer bulkhead).
    static Result<std::unique_ptr<Reader>> open(std::string folder);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    // Gives each flow to `take` until that says false. A day file that cannot be read is an error, after the days before it.
    Result<ReadResult> flows(const Query& query, const std::function<bool(const flow::Observed&)>& take);
    Result<std::vector<Edge>> edges(UnixMs since, UnixMs until);  // with flows in that time
    Result<Coverage> coverage(UnixMs since, UnixMs until);
    Result<std::vector<ContainerEvent>> containers(UnixMs since, UnixMs until);
    Result<std::vector<DatapathCounters>> counters(UnixMs since, UnixMs until);
    Result<std::vector<Pruned>> pruned();

  private:
    struct Files;
    explicit Reader(std::unique_ptr<Files> files);
    std::unique_ptr<Files> files_;
};

}  // namespace bulkhead::history
