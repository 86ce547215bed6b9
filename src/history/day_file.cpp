// SPDX-License-Identifier: Apache-2.0
#include "history/day_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr std::int64_t block_rows_max = 4096;
constexpr std::int64_t long_flow_us = 60'000'000;

// Rounded down, before 1970 too.
std::int64_t us_of(std::int64_t ns) { return ns / 1000 - (ns % 1000 < 0 ? 1 : 0); }

std::int64_t least_us(const flow::RoundTrip& trip) {
    return trip.count == 0 ? -1 : static_cast<std::int64_t>(std::min<std::uint64_t>(trip.least / 1000, INT64_MAX));
}

bool has_more(const flow::Observed& observed) {
    const auto uneventful = [](const flow::Direction& sent) { return sent.retransmits == 0 && sent.resets == 0 && sent.zero_windows == 0; };
    return !uneventful(observed.record.sent[0]) || !uneventful(observed.record.sent[1]) || observed.record.fragments != 0 || observed.loss != 0 ||
           observed.source.translated.has_value();
}

bool has_l7(const flow::L7& l7) { return !l7.banner.empty() || !l7.user.empty() || !l7.database.empty() || !l7.risks.empty() || l7.exchanges_left_out != 0; }

std::int64_t state_of(const flow::Observed& observed) {
    const flow::Record& record = observed.record;
    std::int64_t state = static_cast<int>(record.end) | static_cast<int>(record.closed_by) << state_bit::closed_by_shift;
    if (has_more(observed)) state |= state_bit::more;
    if (!observed.l7) return state;
    if (!observed.l7->http.empty()) state |= state_bit::http;
    if (!observed.l7->dns.empty()) state |= state_bit::dns;
    if (!observed.l7->tls.empty()) state |= state_bit::tls;
    if (has_l7(*observed.l7)) state |= state_bit::l7;
    return state;
}

// What a file says of itself, or a new file made into one.
Result<void> claim(Database& database, std::int64_t day) {
    auto format = database.format();
    if (!format && format.error().code != Code::not_found) return std::unexpected(format.error());
    if (!format) {
        const std::string sql = fmt::format(
            "begin immediate; {} insert into meta values('format_version', {}), ('kind', 'flows'), ('day', '{}'), "
            "('day_start_s', {}); commit",
            day_schema, format_version, day_text(day), day * us_per_day / 1'000'000);
        auto made = database.run(sql.c_str());
        if (!made) (void)database.run("rollback");
        return made;
    }
    auto start = database.number("select value from meta where key = 'day_start_s'");
    if (!start) return std::unexpected(start.error());
    if (*start != day * us_per_day / 1'000'000) return fail(Code::corrupt, "it holds another day than its name says");
    return {};
}

}  // namespace

DayFile::DayFile(Database database, std::int64_t day) : database_(std::move(database)), day_(day), statements_(std::make_unique<Statements>()) {}

Result<std::unique_ptr<DayFile>> DayFile::open(const std::string& path, std::int64_t day, std::uint64_t bytes_max) {
    auto database = Database::open_to_write(path, bytes_max);
    if (!database) return std::unexpected(database.error());
    if (auto claimed = claim(*database, day); !claimed) return std::unexpected(claimed.error().in(path));
    std::unique_ptr<DayFile> file(new DayFile(std::move(*database), day));
    if (auto prepared = file->prepare(); !prepared) return std::unexpected(prepared.error().in(path));
    return file;
}

Result<void> DayFile::prepare() {
    auto dictionary = Dictionary::open(database_);
    if (!dictionary) return std::unexpected(dictionary.error());
    dictionary_.emplace(std::move(*dictionary));
    Statements& all = *statements_;
    for (const auto& [statement, sql] : {std::pair{&all.begin, "begin immediate"},
                                         {&all.commit, "commit"},
                                         {&all.flow, "insert into flow values(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
                                         {&all.more, "insert into flow_more values(?,?,?,?,?,?,?,?,?,?)"},
                                         {&all.l7, "insert into flow_l7 values(?,?,?,?,?,?)"},
                                         {&all.http, "insert into http_request values(?,?,?,?,?,?,?,?,?)"},
                                         {&all.dns, "insert into dns_query values(?,?,?,?,?,?,?,?)"},
                                         {&all.tls, "insert into tls_session values(?,?,?,?,?,?,?,?,?,?,?)"},
                                         {&all.block, "insert or replace into block values(?,?,?,?,?,?)"},
                                         {&all.long_flow, "insert into long_flow values(?,?,?)"}}) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return std::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return load_last();
}

// Where the rows end. A new block begins: the bounds of the last one are on disk already.
Result<void> DayFile::load_last() {
    auto last = database_.number("select max(id) from flow");
    if (!last) return std::unexpected(last.error());
    auto last_block = database_.number("select max(last) from block");
    if (!last_block) return std::unexpected(last_block.error());
    last_flow_ = std::max(*last, *last_block);
    block_ = {};
    return {};
}

Result<void> DayFile::begin() {
    if (in_transaction_) return {};
    if (auto begun = Binder(statements_->begin).step(); !begun) return begun;
    in_transaction_ = true;
    return {};
}

Result<ConversationId*> DayFile::add(const flow::Observed& observed) {
    if (auto begun = begin(); !begun) return std::unexpected(begun.error());
    auto conversation = dictionary_->conversation(observed);
    if (!conversation) return conversation;
    ++last_flow_;
    if (auto added = add_row(observed, (*conversation)->row); !added) return std::unexpected(added.error());
    if (has_more(observed)) {
        if (auto added = add_more(observed); !added) return std::unexpected(added.error());
    }
    if (observed.l7) {
        if (auto added = add_l7(*observed.l7); !added) return std::unexpected(added.error());
    }
    ++uncommitted_;
    if (block_.rows >= block_rows_max) {
        if (auto written = write_block(); !written) return std::unexpected(written.error());
        block_ = {};
    }
    return conversation;
}

Result<void> DayFile::add_row(const flow::Observed& observed, std::int64_t conversation) {
    const flow::Record& record = observed.record;
    const std::int64_t end = us_of(record.last_ns) - day_ * us_per_day;
    const std::int64_t duration = std::max<std::int64_t>(0, us_of(record.last_ns) - us_of(record.first_ns));
    const auto& there = record.sent[0];
    const auto& back = record.sent[1];
    auto added = Binder(statements_->flow)
                     .integer(last_flow_)
                     .integer(conversation)
                     .integer(end)
                     .integer(duration)
                     .integer(record.source_port())
                     .integer(static_cast<std::int64_t>(there.packets))
                     .integer(static_cast<std::int64_t>(back.packets))
                     .integer(static_cast<std::int64_t>(there.bytes))
                     .integer(static_cast<std::int64_t>(back.bytes))
                     .integer(static_cast<std::int64_t>(there.payload_bytes))
                     .integer(static_cast<std::int64_t>(back.payload_bytes))
                     .integer(there.tcp_flags | back.tcp_flags << 8)
                     .integer(state_of(observed))
                     .integer_or_null(record.handshake_ns < 0 ? -1 : record.handshake_ns / 1000, -1)
                     .integer_or_null(least_us(record.round_trip[0]), -1)
                     .integer_or_null(least_us(record.round_trip[1]), -1)
                     .integer_or_null(observed.source.process ? observed.source.process->pid : 0)
                     .integer_or_null(observed.destination.process ? observed.destination.process->pid : 0)
                     .step();
    if (!added) return added;
    if (block_.rows++ == 0) block_.first = last_flow_;
    block_.last = last_flow_;
    block_.least_end = std::min(block_.least_end, end);
    block_.greatest_end = std::max(block_.greatest_end, end);
    if (duration < long_flow_us) {
        block_.least_start = std::min(block_.least_start, end - duration);
        return {};
    }
    block_.least_start = std::min(block_.least_start, end);
    return Binder(statements_->long_flow).integer(last_flow_).integer(end - duration).integer(end).step();
}

Result<void> DayFile::add_more(const flow::Observed& observed) {
    const auto& there = observed.record.sent[0];
    const auto& back = observed.record.sent[1];
    Binder binder(statements_->more);
    binder.integer(last_flow_);
    for (const std::uint32_t value : {there.retransmits, back.retransmits, there.resets, back.resets, there.zero_windows, back.zero_windows})
        binder.integer_or_null(value);
    return binder.integer_or_null(observed.record.fragments)
        .integer_or_null(static_cast<std::int64_t>(observed.loss))
        .integer_or_null(observed.source.translated ? observed.source.translated->port : 0)
        .step();
}

Result<void> DayFile::write_block() {
    if (block_.rows == 0) return {};
    return Binder(statements_->block)
        .integer(block_.first)
        .integer(block_.last)
        .integer(block_.rows)
        .integer(block_.least_start)
        .integer(block_.least_end)
        .integer(block_.greatest_end)
        .step();
}

Result<void> DayFile::commit() {
    if (!in_transaction_) return {};
    auto written = write_block();
    if (written) written = Binder(statements_->commit).step();
    if (!written) return written;
    in_transaction_ = false;
    uncommitted_ = 0;
    return {};
}

// The ids that the transaction gave are free again: all that is known of the file is asked anew.
void DayFile::roll_back() {
    if (sqlite3_get_autocommit(database_.handle()) == 0) (void)database_.run("rollback");
    in_transaction_ = false;
    uncommitted_ = 0;
    // Where even that fails, the next batch does too, and is counted.
    (void)dictionary_->forget();
    (void)load_last();
}

Result<std::uint64_t> DayFile::bytes() {
    auto pages = database_.number("pragma page_count");
    auto free = database_.number("pragma freelist_count");
    auto size = database_.number("pragma page_size");
    if (!pages || !free || !size) return std::unexpected(database_.error());
    return static_cast<std::uint64_t>((*pages - *free) * *size);
}

Result<DayFile::Removed> DayFile::remove_oldest() {
    const auto number = [&](const char* sql) { return database_.number(sql).value_or(0); };
    Removed removed;
    const std::int64_t last = number("select last from block order by first limit 1");
    if (last == 0) return removed;
    removed.rows = number("select rows from block order by first limit 1");
    removed.from_us = number("select least_end_us from block order by first limit 1") + day_ * us_per_day;
    removed.until_us = number("select greatest_end_us from block order by first limit 1") + day_ * us_per_day;
    const std::int64_t last_exchange = ((last + 1) << exchange_bits) - 1;
    const std::string sql = fmt::format(
        "begin immediate; delete from flow where id <= {0}; delete from flow_more where flow <= {0}; delete from flow_l7 where flow <= {0};"
        "delete from long_flow where flow <= {0}; delete from http_request where id <= {1}; delete from dns_query where id <= {1};"
        "delete from tls_session where id <= {1}; delete from block where last <= {0}; commit",
        last, last_exchange);
    if (auto done = database_.run(sql.c_str()); !done) {
        if (sqlite3_get_autocommit(database_.handle()) == 0) (void)database_.run("rollback");
        return std::unexpected(done.error());
    }
    if (block_.last <= last) block_ = {};
    return removed;
}

Result<void> DayFile::finish() {
    // Statements keep the file busy.
    dictionary_.reset();
    statements_ = std::make_unique<Statements>();
    return database_.run("pragma wal_checkpoint(truncate); pragma journal_mode = delete");
}

}  // namespace bulkhead::history
