// SPDX-License-Identifier: Apache-2.0
#include "history/day_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "history/query.h"
#include "history/schema.h"

namespace bulkhead::history {

namespace {

constexpr std::size_t rows_a_time = 4096;

// Runs the statement for one number and gives each row to `take`; what a short transaction is.
template <class Take>
Result<void> each(const SqliteStatement& statement, std::int64_t first, std::int64_t second, const Take& take) {
    sqlite3_bind_int64(statement.get(), 1, first);
    if (sqlite3_bind_parameter_count(statement.get()) > 1) sqlite3_bind_int64(statement.get(), 2, second);
    int result = sqlite3_step(statement.get());
    for (; result == SQLITE_ROW; result = sqlite3_step(statement.get())) take(statement.get());
    const Error error = result == SQLITE_DONE ? Error{} : error_of(sqlite3_db_handle(statement.get()));
    sqlite3_reset(statement.get());
    if (result != SQLITE_DONE) return std::unexpected(error);
    return {};
}

bool said_what(Said wanted, std::int64_t state) {
    switch (wanted) {
        case Said::http: return (state & state_bit::http) != 0;
        case Said::dns: return (state & state_bit::dns) != 0;
        case Said::tls: return (state & state_bit::tls) != 0;
        case Said::anything: break;
    }
    return true;
}

// What a file says may be anything: a number that is no value of the enum is the last one's neighbour, "unknown" or the first.
template <class Enum>
Enum enum_of(std::int64_t value, Enum last) {
    return value < 0 || value > static_cast<std::int64_t>(last) ? Enum{} : static_cast<Enum>(value);
}

std::uint64_t count_of(std::int64_t value) { return value < 0 ? 0 : static_cast<std::uint64_t>(value); }

std::int64_t saturated_us(std::int64_t ns, std::int64_t start_us) {
    if (ns == INT64_MIN || ns == INT64_MAX) return ns;
    return ns / 1000 - start_us;
}

void set_ends(flow::Record& record, const packet::Address& source, const packet::Address& destination, std::uint16_t source_port,
              std::uint16_t destination_port) {
    const int order = flow::order_of(source, destination);
    record.source_is_low = order < 0 || (order == 0 && source_port <= destination_port);
    record.key.low = record.source_is_low ? source : destination;
    record.key.high = record.source_is_low ? destination : source;
    record.key.low_port = record.source_is_low ? source_port : destination_port;
    record.key.high_port = record.source_is_low ? destination_port : source_port;
}

}  // namespace

DayReader::DayReader(Database database, std::int64_t day_start_us) : database_(std::move(database)), day_start_us_(day_start_us) {}

Result<std::unique_ptr<DayReader>> DayReader::open(const std::string& path) {
    auto database = Database::open_to_read(path);
    if (!database) return std::unexpected(database.error());
    if (auto format = database->format(); !format) return std::unexpected(format.error().in(path));
    auto start = database->number("select value from meta where key = 'day_start_s'");
    if (!start) return std::unexpected(start.error().in(path));
    std::unique_ptr<DayReader> reader(new DayReader(std::move(*database), *start * 1'000'000));
    if (auto prepared = reader->prepare(); !prepared) return std::unexpected(prepared.error().in(path));
    return reader;
}

Result<void> DayReader::prepare() {
    Statements& all = statements_;
    const std::string columns =
        "select id, conversation, end_us, duration_us, source_port, packets_to_destination, packets_to_source, bytes_to_destination, "
        "bytes_to_source, payload_to_destination, payload_to_source, tcp_flags, state, ifnull(handshake_us, -1), "
        "ifnull(rtt_source_us, -1), ifnull(rtt_destination_us, -1), source_pid, destination_pid from flow where id >= ?1 and id <= ?2 ";
    const std::pair<SqliteStatement*, std::string> list[] = {
        {&all.ranges,
         "select first, last from block where greatest_end_us >= ?1 and least_start_us <= ?2 union all "
         "select flow, flow from long_flow where end_us >= ?1 and start_us <= ?2 order by 1, 2"},
        {&all.forward, columns + fmt::format("order by id limit {}", rows_a_time)},
        {&all.backward, columns + fmt::format("order by id desc limit {}", rows_a_time)},
        {&all.conversation, "select * from conversation where id = ?1"},
        {&all.identity, "select * from identity where id = ?1"},
        {&all.process, "select * from process where id = ?1"},
        {&all.text, "select value from text where id = ?1"},
        {&all.more, "select * from flow_more where flow = ?1"},
        {&all.http, "select * from http_request where id >= ?1 and id <= ?2"},
        {&all.dns, "select * from dns_query where id >= ?1 and id <= ?2"},
        {&all.tls, "select * from tls_session where id >= ?1 and id <= ?2"},
        {&all.session, "select * from flow_l7 where flow = ?1"},
    };
    for (const auto& [statement, sql] : list) {
        auto prepared = database_.prepare(sql);
        if (!prepared) return std::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return {};
}

// Of ids whose flows may lie in the time; joined where they touch.
Result<std::vector<DayReader::Range>> DayReader::ranges(std::int64_t since_us, std::int64_t until_us) {
    std::vector<Range> out;
    auto read = each(statements_.ranges, since_us, until_us, [&](sqlite3_stmt* row) {
        const Range range{integer_at(row, 0), integer_at(row, 1)};
        if (!out.empty() && range.first <= out.back().second + 1) {
            out.back().second = std::max(out.back().second, range.second);
        } else {
            out.push_back(range);
        }
    });
    if (!read) return std::unexpected(read.error());
    return out;
}

Result<std::vector<DayReader::Row>> DayReader::rows_of(Range range, bool newest_first) {
    std::vector<Row> rows;
    rows.reserve(static_cast<std::size_t>(std::min<std::int64_t>(range.second - range.first + 1, rows_a_time)));
    auto read = each(newest_first ? statements_.backward : statements_.forward, range.first, range.second, [&](sqlite3_stmt* s) {
        rows.push_back({integer_at(s, 0),
                        integer_at(s, 1),
                        integer_at(s, 2),
                        integer_at(s, 3),
                        integer_at(s, 4),
                        {integer_at(s, 5), integer_at(s, 6)},
                        {integer_at(s, 7), integer_at(s, 8)},
                        {integer_at(s, 9), integer_at(s, 10)},
                        integer_at(s, 11),
                        integer_at(s, 12),
                        integer_at(s, 13),
                        {integer_at(s, 14), integer_at(s, 15)},
                        {integer_at(s, 16), integer_at(s, 17)}});
    });
    if (!read) return std::unexpected(read.error());
    return rows;
}

Result<std::string> DayReader::text(std::int64_t id) {
    if (id == 0) return std::string();
    if (const auto* known = texts_.find(id)) return *known;
    std::string value;
    auto read = each(statements_.text, id, 0, [&](sqlite3_stmt* row) { value = text_at(row, 0); });
    if (!read) return std::unexpected(read.error());
    return texts_.insert(id, std::move(value));
}

Result<std::vector<std::string>> DayReader::texts(std::int64_t id) {
    auto joined = text(id);
    if (!joined) return std::unexpected(joined.error());
    if (joined->empty()) return std::vector<std::string>{};
    auto document = json::Document::parse(*joined);
    if (!document) return std::unexpected(document.error());
    return document->root().texts();
}

Result<flow::IdentityPtr> DayReader::identity(std::int64_t id) {
    if (id == 0) return flow::IdentityPtr();
    if (const auto* known = identities_.find(id)) return *known;
    auto found = std::make_shared<flow::Identity>();
    std::string labels;
    auto read = each(statements_.identity, id, 0, [&](sqlite3_stmt* row) {
        found->who = enum_of(integer_at(row, 1), flow::Who::external);
        int column = 2;
        for (std::string* field :
             {&found->container_id, &found->container, &found->image, &found->project, &found->service, &found->task, &found->network, &found->node, &labels})
            *field = text_at(row, column++);
    });
    if (!read) return std::unexpected(read.error());
    if (!labels.empty()) {
        auto document = json::Document::parse(labels);
        if (!document) return std::unexpected(document.error());
        for (const auto& [key, value] : document->root().members()) found->labels.emplace_back(key, value.text_or());
    }
    return identities_.insert(id, std::move(found));
}

Result<std::shared_ptr<const flow::Process>> DayReader::process(std::int64_t id) {
    if (id == 0) return flow::ProcessPtr();
    auto found = std::make_shared<flow::Process>();
    auto read = each(statements_.process, id, 0, [&](sqlite3_stmt* row) {
        found->exe = text_at(row, 1);
        found->name = text_at(row, 2);
        found->uid = static_cast<std::uint32_t>(integer_at(row, 3));
    });
    if (!read) return std::unexpected(read.error());
    return found;
}

Result<DayReader::ConversationPtr> DayReader::conversation(std::int64_t id, const Query& query) {
    if (const auto* known = conversations_.find(id)) return *known;
    auto out = std::make_shared<Conversation>();
    flow::Observed& flow = out->shared;
    std::int64_t source_identity = 0, destination_identity = 0, source_process = 0, destination_process = 0, source_names = 0, destination_names = 0;
    std::int64_t network = 0, node = 0, l7_name = 0, l7_application = 0;
    auto read = each(statements_.conversation, id, 0, [&](sqlite3_stmt* row) {
        set_ends(flow.record, address_at(row, 1), address_at(row, 2), 0, static_cast<std::uint16_t>(integer_at(row, 12)));
        source_identity = integer_at(row, 3);
        destination_identity = integer_at(row, 4);
        source_process = integer_at(row, 5);
        destination_process = integer_at(row, 6);
        if (!null_at(row, 7)) flow.source.translated = {address_at(row, 7), 0};
        if (!null_at(row, 8)) flow.destination.translated = {address_at(row, 8), static_cast<std::uint16_t>(integer_at(row, 9))};
        source_names = integer_at(row, 10);
        destination_names = integer_at(row, 11);
        flow.record.key.network_and_protocol = static_cast<std::uint32_t>(integer_at(row, 14)) << 8U | static_cast<std::uint8_t>(integer_at(row, 13));
        flow.record.vlan = static_cast<std::uint16_t>(integer_at(row, 15));
        network = integer_at(row, 16);
        node = integer_at(row, 17);
        flow.verdict = enum_of(integer_at(row, 18), flow::Verdict::audit);
        if (!null_at(row, 19)) flow.encrypted = integer_at(row, 19) != 0;
        const std::int64_t traits = integer_at(row, 20);
        flow.record.tunnelled = (traits & trait_bit::tunnelled) != 0;
        flow.userland_proxy = (traits & trait_bit::userland_proxy) != 0;
        flow.record.source_certain = (traits & trait_bit::source_certain) != 0;
        flow.record.outer_source = address_at(row, 21);
        flow.record.outer_destination = address_at(row, 22);
        l7_name = integer_at(row, 23);
        l7_application = integer_at(row, 24);
    });
    if (!read) return std::unexpected(read.error());
    auto ends = std::pair{identity(source_identity), identity(destination_identity)};
    auto processes = std::pair{process(source_process), process(destination_process)};
    auto names = std::pair{texts(source_names), texts(destination_names)};
    auto places = std::pair{text(network), text(node)};
    auto l7 = std::pair{text(l7_name), text(l7_application)};
    if (!(ends.first && ends.second && processes.first && processes.second && names.first && names.second && places.first && places.second && l7.first &&
          l7.second))
        return fail(Code::corrupt, fmt::format("conversation {} cannot be read", id));
    flow.source.identity = *ends.first;
    flow.destination.identity = *ends.second;
    flow.source.process = *processes.first;
    flow.destination.process = *processes.second;
    flow.source.names = std::move(*names.first);
    flow.destination.names = std::move(*names.second);
    flow.network = std::move(*places.first);
    flow.node = std::move(*places.second);
    if (l7_name != 0 || l7_application != 0) {
        auto named = std::make_shared<flow::L7>();
        named->name = std::move(*l7.first);
        named->application = std::move(*l7.second);
        flow.l7 = std::move(named);
    }
    out->wanted = takes(query, flow);
    return conversations_.insert(id, std::move(out));
}

void DayReader::fill(const Row& row, flow::Observed& flow) const {
    flow::Record& record = flow.record;
    set_ends(record, record.source(), record.destination(), static_cast<std::uint16_t>(row.source_port), record.destination_port());
    record.last_ns = ns_of(row.end_us);
    record.first_ns = ns_of(row.end_us - row.duration_us);
    for (std::size_t i = 0; i < 2; ++i) {
        flow::Direction& sent = record.sent[i];
        sent.packets = count_of(row.packets[i]);
        sent.bytes = count_of(row.bytes[i]);
        sent.payload_bytes = count_of(row.payload[i]);
        sent.tcp_flags = static_cast<std::uint8_t>(row.tcp_flags >> (8 * i));
        if (row.rtt_us[i] >= 0) record.round_trip[i] = {count_of(row.rtt_us[i]) * 1000, count_of(row.rtt_us[i]) * 1000, 1};
        flow::Party& party = i == 0 ? flow.source : flow.destination;
        if (party.process && row.pid[i] != 0) {
            auto process = std::make_shared<flow::Process>(*party.process);
            process->pid = row.pid[i];
            party.process = std::move(process);
        }
    }
    record.end = enum_of(row.state & 7, flow::End::evicted);
    record.closed_by = enum_of(row.state >> state_bit::closed_by_shift & 3, flow::Side::destination);
    record.handshake_ns = row.handshake_us < 0 ? -1 : row.handshake_us * 1000;
}

Result<void> DayReader::fill_more(std::int64_t id, flow::Observed& flow) {
    return each(statements_.more, id, 0, [&](sqlite3_stmt* row) {
        const auto number = [&](int column) { return static_cast<std::uint32_t>(integer_at(row, column)); };
        for (int i = 0; i < 2; ++i) {
            flow::Direction& sent = flow.record.sent[static_cast<std::size_t>(i)];
            sent.retransmits = number(1 + i);
            sent.resets = number(3 + i);
            sent.zero_windows = number(5 + i);
        }
        flow.record.fragments = number(7);
        flow.loss = count_of(integer_at(row, 8));
        if (flow.source.translated) flow.source.translated->port = static_cast<std::uint16_t>(integer_at(row, 9));
    });
}

Result<void> DayReader::give(const Row& row, const Asked& asked, ReadResult& result) {
    const Query& query = asked.query;
    ++result.looked_at;
    if (!said_what(query.said, row.state)) return {};
    const std::int64_t end = ns_of(row.end_us);
    if (end < query.since_ns || end - row.duration_us * 1000 > query.until_ns) return {};
    auto about = conversation(row.conversation, asked.broad);
    if (!about) return std::unexpected(about.error());
    if (!(*about)->wanted) return {};
    flow::Observed flow = (*about)->shared;
    fill(row, flow);
    if ((row.state & state_bit::more) != 0) {
        if (auto filled = fill_more(row.id, flow); !filled) return filled;
    }
    if (!takes(query, flow)) return {};
    if (auto filled = fill_l7(row, query, flow); !filled) return filled;
    ++result.flows;
    result.stopped = !asked.take(flow);
    return {};
}

Result<void> DayReader::read(const Query& query, const std::function<bool(const flow::Observed&)>& take, ReadResult& result) {
    conversations_.clear();  // what another query wanted
    const Asked asked{query, without_source_ports(query), take};
    auto found = ranges(saturated_us(query.since_ns, day_start_us_), saturated_us(query.until_ns, day_start_us_));
    if (!found) return std::unexpected(found.error());
    if (query.newest_first) std::ranges::reverse(*found);
    for (Range range : *found) {
        while (range.first <= range.second) {
            auto rows = rows_of(range, query.newest_first);
            if (!rows) return std::unexpected(rows.error());
            for (const Row& row : *rows) {
                if (auto given = give(row, asked, result); !given) return given;
                if (result.stopped) return {};
            }
            if (rows->size() < rows_a_time) break;
            if (query.newest_first) {
                range.second = rows->back().id - 1;
            } else {
                range.first = rows->back().id + 1;
            }
        }
    }
    return {};
}

}  // namespace bulkhead::history
