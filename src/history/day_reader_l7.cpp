// SPDX-License-Identifier: Apache-2.0
// What was said in a flow, read back from the rows beside it. Texts are looked up when the row is done: one statement at a time.
#include <array>

#include "history/day_reader.h"
#include "history/schema.h"

namespace bulkhead::history {

namespace {

// Rows as numbers, for they are few.
template <std::size_t columns>
Result<std::vector<std::array<std::int64_t, columns>>> numbers(const SqliteStatement& statement, std::int64_t first, std::int64_t last, std::int64_t for_null) {
    std::vector<std::array<std::int64_t, columns>> out;
    sqlite3_bind_int64(statement.get(), 1, first);
    if (sqlite3_bind_parameter_count(statement.get()) > 1) sqlite3_bind_int64(statement.get(), 2, last);
    int result = sqlite3_step(statement.get());
    for (; result == SQLITE_ROW; result = sqlite3_step(statement.get())) {
        auto& row = out.emplace_back();
        for (std::size_t i = 0; i < columns; ++i) {
            const int column = static_cast<int>(i);
            row[i] = null_at(statement.get(), column) ? for_null : integer_at(statement.get(), column);
        }
    }
    const Error error = result == SQLITE_DONE ? Error{} : error_of(sqlite3_db_handle(statement.get()));
    sqlite3_reset(statement.get());
    if (result != SQLITE_DONE) return std::unexpected(error);
    return out;
}

constexpr std::int64_t unset = -1;

std::int64_t id_or_none(std::int64_t value) { return value < 0 ? 0 : value; }
std::int64_t ns_or_none(std::int64_t us) { return us < 0 ? -1 : us * 1000; }

// The texts of several ids; the first error of them.
template <class Lookup>
Result<void> set_texts(const Lookup& lookup, std::initializer_list<std::pair<std::string*, std::int64_t>> wanted) {
    for (const auto& [field, id] : wanted) {
        auto text = lookup(id_or_none(id));
        if (!text) return std::unexpected(text.error());
        *field = std::move(*text);
    }
    return {};
}

}  // namespace

Result<void> DayReader::fill_http(std::int64_t first, flow::L7& l7) {
    auto rows = numbers<9>(statements_.http, first, first + (1 << exchange_bits) - 1, unset);
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) {
        flow::HttpRequest& request = l7.http.emplace_back();
        request.time_ns = ns_of(row[1]);
        auto set = set_texts([this](std::int64_t id) { return text(id); },
                             {{&request.method, row[2]}, {&request.host, row[3]}, {&request.path, row[4]}, {&request.version, row[5]}});
        if (!set) return set;
        request.status = row[6] < 0 ? 0 : static_cast<int>(row[6]);
        request.latency_ns = ns_or_none(row[7]);
        request.grpc = row[8] == 1;
    }
    return {};
}

Result<void> DayReader::fill_dns(std::int64_t first, flow::L7& l7) {
    auto rows = numbers<8>(statements_.dns, first, first + (1 << exchange_bits) - 1, unset);
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) {
        flow::DnsQuery& query = l7.dns.emplace_back();
        query.time_ns = ns_of(row[1]);
        if (auto set = set_texts([this](std::int64_t id) { return text(id); }, {{&query.name, row[2]}}); !set) return set;
        query.type = static_cast<std::uint16_t>(id_or_none(row[3]));
        query.rcode = static_cast<int>(row[4]);
        auto answers = texts(id_or_none(row[5]));
        if (!answers) return std::unexpected(answers.error());
        query.answers = std::move(*answers);
        query.ttl = static_cast<std::uint32_t>(id_or_none(row[6]));
        query.latency_ns = ns_or_none(row[7]);
    }
    return {};
}

Result<void> DayReader::fill_tls(std::int64_t first, flow::L7& l7) {
    auto rows = numbers<11>(statements_.tls, first, first + (1 << exchange_bits) - 1, unset);
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) {
        flow::TlsSession& tls = l7.tls.emplace_back();
        auto set = set_texts([this](std::int64_t id) { return text(id); }, {{&tls.server_name, row[1]},
                                                                            {&tls.alpn, row[2]},
                                                                            {&tls.version, row[3]},
                                                                            {&tls.cipher, row[4]},
                                                                            {&tls.subject, row[5]},
                                                                            {&tls.issuer, row[6]},
                                                                            {&tls.ja3, row[8]},
                                                                            {&tls.ja3s, row[9]},
                                                                            {&tls.ja4, row[10]}});
        if (!set) return set;
        tls.not_after = id_or_none(row[7]);
    }
    return {};
}

Result<void> DayReader::fill_session(std::int64_t id, flow::L7& l7) {
    auto rows = numbers<6>(statements_.session, id, 0, 0);
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) {
        auto set = set_texts([this](std::int64_t text_id) { return text(text_id); }, {{&l7.banner, row[1]}, {&l7.user, row[2]}, {&l7.database, row[3]}});
        if (!set) return set;
        auto risks = texts(row[4]);
        if (!risks) return std::unexpected(risks.error());
        l7.risks = std::move(*risks);
        l7.exchanges_left_out = static_cast<std::uint32_t>(row[5]);
    }
    return {};
}

Result<void> DayReader::fill_l7(const Row& row, const Query& query, flow::Observed& flow) {
    constexpr std::int64_t any = state_bit::http | state_bit::dns | state_bit::tls | state_bit::l7;
    if (!query.exchanges || (row.state & any) == 0) return {};
    auto l7 = flow.l7 ? std::make_shared<flow::L7>(*flow.l7) : std::make_shared<flow::L7>();
    const std::int64_t first = row.id << exchange_bits;
    Result<void> filled;
    if ((row.state & state_bit::http) != 0) filled = fill_http(first, *l7);
    if (filled && (row.state & state_bit::dns) != 0) filled = fill_dns(first, *l7);
    if (filled && (row.state & state_bit::tls) != 0) filled = fill_tls(first, *l7);
    if (filled && (row.state & state_bit::l7) != 0) filled = fill_session(row.id, *l7);
    flow.l7 = std::move(l7);
    return filled;
}

}  // namespace bulkhead::history
