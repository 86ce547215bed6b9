// SPDX-License-Identifier: Apache-2.0
// Rows of tables that were made once and are read by all databases of one audit: making them is most of what an audit costs. Any thread.
#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tables/table.h"

namespace bulkhead::sql {

struct MadeRows {
    tables::RowSet rows;
    std::vector<tables::SourceFailure> failures;
};

class RowStore {
  public:
    using Wanted = std::map<std::string, std::string>;  // `where column = value` that the table itself answered; empty: the whole table

    // What the first asker made; others wait for it. `make` must not ask the store again.
    std::shared_ptr<const MadeRows> get(const std::string& table, const Wanted& wanted, const std::function<MadeRows()>& make);

  private:
    std::mutex mutex_;
    std::map<std::pair<std::string, Wanted>, std::shared_future<std::shared_ptr<const MadeRows>>> made_;
};

}  // namespace bulkhead::sql
