// SPDX-License-Identifier: Apache-2.0
// index.sqlite as it is written: sums, lives of containers, counters, when somebody watched, what was lost and what was pruned. All of a
// batch is one transaction; what could not be written waits for the next. Owned by the writer's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "history/event.h"
#include "history/reader.h"
#include "history/sums.h"

namespace bulkhead::history {

struct IndexBatch {
    std::vector<ContainerEvent> containers;
    std::vector<BlindSpot> blind;
    std::vector<DatapathCounters> counters;
    [[nodiscard]] bool empty() const { return containers.empty() && blind.empty() && counters.empty(); }
};

class IndexFile {
  public:
    // Begins a watch at `now`. Errors as Writer::open.
    static Result<std::unique_ptr<IndexFile>> open(const std::string& path, std::uint64_t bytes_max, UnixMs now);

    // In one transaction; afterwards both are empty. After an error nothing of it is written, and both are as they were.
    Result<void> write(Sums& sums, IndexBatch& batch, UnixMs now);
    Result<void> end_watch(UnixMs now);
    // Removes rows of before `before` and notes it; the number of them.
    Result<std::int64_t> prune(const std::string& what, UnixMs before, const std::string& cause, UnixMs now);
    Result<void> note_pruned(const Pruned& pruned);
    Result<std::uint64_t> bytes();
    Result<UnixMs> oldest_minute();  // 0: none
    Result<UnixMs> oldest_hour();
    [[nodiscard]] Database& database() { return database_; }

  private:
    struct Statements {
        SqliteStatement add_identity, find_identity, add_pair, find_pair, touch_pair, minute, hour, container, blind, counter, watch;
    };
    explicit IndexFile(Database database) : database_(std::move(database)) {}
    Result<void> prepare();
    Result<void> write_all(Sums& sums, const IndexBatch& batch, UnixMs now, std::vector<std::uint32_t>& given);
    Result<void> write_sums(Sums& sums, std::vector<std::uint32_t>& given);
    Result<void> write_events(const IndexBatch& batch);
    Result<std::int64_t> row_of(const PairEnd& end);
    Result<std::int64_t> row_of(const Pair& pair);

    Database database_;
    Statements statements_;
    std::int64_t watch_ = 0;
};

}  // namespace bulkhead::history
