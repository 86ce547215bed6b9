// SPDX-License-Identifier: Apache-2.0
// What index.sqlite holds, read while it is written or afterwards. Owned by one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "history/database.h"
#include "history/reader.h"
#include "history/sums.h"

namespace bulkhead::history {

class IndexReader {
  public:
    static Result<IndexReader> open(const std::string& path);

    Result<std::vector<Edge>> edges(UnixMs since, UnixMs until);
    Result<Coverage> coverage(UnixMs since, UnixMs until);
    Result<std::vector<ContainerEvent>> containers(UnixMs since, UnixMs until);
    Result<std::vector<DatapathCounters>> counters(UnixMs since, UnixMs until);
    Result<std::vector<Pruned>> pruned();

  private:
    using SumsByPair = std::map<std::int64_t, Sum>;
    explicit IndexReader(Database database) : database_(std::move(database)) {}
    // Of rows from `from_s` on and before `until_s`, in parts of bounded length.
    Result<void> add_sums(const char* table, std::int64_t from_s, std::int64_t until_s, SumsByPair& sums);
    Result<std::vector<Edge>> named(const SumsByPair& sums);

    Database database_;
};

}  // namespace bulkhead::history
