// SPDX-License-Identifier: Apache-2.0
// Flows out of one day file (schema.h), while it is written or afterwards. Owned by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "history/database.h"
#include "history/reader.h"
#include "history/recent_map.h"

namespace bulkhead::history {

class DayReader {
  public:
    static Result<std::unique_ptr<DayReader>> open(const std::string& path);

    // Adds to `result`; ends early when `take` says so.
    Result<void> read(const Query& query, const std::function<bool(const flow::Observed&)>& take, ReadResult& result);

  private:
    using Range = std::pair<std::int64_t, std::int64_t>;  // ids, both included
    // The numbers of one flow, as they lie in the table.
    struct Row {
        std::int64_t id, conversation, end_us, duration_us, source_port;
        std::int64_t packets[2], bytes[2], payload[2];
        std::int64_t tcp_flags, state, handshake_us, rtt_us[2], pid[2];
    };
    // What all flows of a conversation share, as an Observed without numbers; whether the query wants it.
    struct Conversation {
        flow::Observed shared;
        bool wanted = false;
    };
    using ConversationPtr = std::shared_ptr<const Conversation>;

    DayReader(Database database, std::int64_t day_start_us);
    Result<void> prepare();
    Result<std::vector<Range>> ranges(std::int64_t since_us, std::int64_t until_us);
    Result<std::vector<Row>> rows_of(Range range, bool newest_first);
    Result<ConversationPtr> conversation(std::int64_t id, const Query& query);
    Result<flow::IdentityPtr> identity(std::int64_t id);
    Result<std::shared_ptr<const flow::Process>> process(std::int64_t id);
    Result<std::string> text(std::int64_t id);
    Result<std::vector<std::string>> texts(std::int64_t id);  // of a JSON array
    struct Asked {
        const Query& query;
        const Query broad;  // as far as a conversation can answer it
        const std::function<bool(const flow::Observed&)>& take;
    };
    Result<void> give(const Row& row, const Asked& asked, ReadResult& result);
    void fill(const Row& row, flow::Observed& flow) const;
    Result<void> fill_more(std::int64_t id, flow::Observed& flow);
    Result<void> fill_l7(const Row& row, const Query& query, flow::Observed& flow);  // day_reader_l7.cpp
    Result<void> fill_http(std::int64_t first, flow::L7& l7);
    Result<void> fill_dns(std::int64_t first, flow::L7& l7);
    Result<void> fill_tls(std::int64_t first, flow::L7& l7);
    Result<void> fill_session(std::int64_t id, flow::L7& l7);
    std::int64_t ns_of(std::int64_t us) const { return (day_start_us_ + us) * 1000; }

    struct Statements {
        SqliteStatement ranges, forward, backward, conversation, identity, process, text, more, http, dns, tls, session;
    };
    Database database_;
    std::int64_t day_start_us_;
    Statements statements_;
    RecentMap<std::int64_t, ConversationPtr> conversations_{16'384};
    RecentMap<std::int64_t, flow::IdentityPtr> identities_{8'192};
    RecentMap<std::int64_t, std::string> texts_{8'192};
};

}  // namespace bulkhead::history
