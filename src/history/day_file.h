// SPDX-License-Identifier: Apache-2.0
// One day's flows, as they are written (schema.h has the tables). What is added belongs to a transaction until commit(). Owned by the
// writer's thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "flow/observed.h"
#include "history/dictionary.h"

namespace bulkhead::history {

class DayFile {
  public:
    // corrupt: it is there and no day of a history; unsupported: of a newer bulkhead; limit_exceeded: no room.
    static Result<std::unique_ptr<DayFile>> open(const std::string& path, std::int64_t day, std::uint64_t bytes_max);

    // REQUIRES: the flow ended on this day. The conversation is good until the next call. After an error: roll_back().
    Result<ConversationId*> add(const flow::Observed& observed);
    Result<void> commit();
    void roll_back();
    [[nodiscard]] std::uint64_t uncommitted() const { return uncommitted_; }

    // Bytes in use, freed pages left out.
    Result<std::uint64_t> bytes();
    struct Removed {
        std::int64_t rows = 0;
        std::int64_t from_us = 0, until_us = 0;  // since 1970
    };
    // Removes the oldest rows, at least one block (a few thousand); nothing when there are none. REQUIRES: no transaction.
    Result<Removed> remove_oldest();
    // Folds what SQLite keeps beside the file into it, so that it can be copied and read from a read-only place. REQUIRES: no transaction.
    Result<void> finish();
    [[nodiscard]] std::int64_t day() const { return day_; }

  private:
    struct Statements {
        SqliteStatement begin, commit, flow, more, l7, http, dns, tls, block, long_flow;
    };
    DayFile(Database database, std::int64_t day);
    Result<void> prepare();
    Result<void> begin();
    Result<void> add_row(const flow::Observed& observed, std::int64_t conversation);
    Result<void> add_more(const flow::Observed& observed);
    Result<void> add_l7(const flow::L7& l7);
    Result<void> add_http(const flow::L7& l7, std::int64_t id);
    Result<void> add_dns(const flow::L7& l7, std::int64_t id);
    Result<void> add_tls(const flow::TlsSession& tls, std::int64_t id);
    Result<void> bind_texts(Binder& binder, std::initializer_list<std::string_view> texts);
    Result<void> write_block();
    Result<void> load_last();

    // Rows with their bounds, in microseconds of the day.
    struct Block {
        std::int64_t first = 0, last = 0, rows = 0;
        std::int64_t least_start = INT64_MAX, least_end = INT64_MAX, greatest_end = INT64_MIN;
    };
    Database database_;
    const std::int64_t day_;
    std::optional<Dictionary> dictionary_;
    std::unique_ptr<Statements> statements_;
    std::int64_t last_flow_ = 0;
    Block block_;
    bool in_transaction_ = false;
    std::uint64_t uncommitted_ = 0;
};

}  // namespace bulkhead::history
