// SPDX-License-Identifier: Apache-2.0
#include "history/schema.h"

#include <fmt/format.h>

#include <chrono>

#include "base/text.h"

namespace bulkhead::history {

namespace {

std::chrono::year_month_day date_of(std::int64_t day) { return std::chrono::sys_days(std::chrono::days(day)); }

}  // namespace

// A flow is a few small numbers: whatever repeats is said once, in the conversation. Rows are in the order of writing, which is nearly that
// of their ends, so that blocks of some thousand rows with their bounds do for an index; flows that lasted long are listed beside, or
// each block would seem to begin long ago.
const char* const day_schema = R"(
create table meta(key text primary key, value any) without rowid;
create table text(id integer primary key, value text not null);
create table identity(id integer primary key, who integer, container_id text, container text, image text, project text, service text, task text, network text,
  node text, labels text);
create table process(id integer primary key, exe text, name text, uid integer);
create table conversation(id integer primary key, source_address blob, destination_address blob, source_identity integer, destination_identity integer,
  source_process integer, destination_process integer, source_translated blob, destination_translated blob, destination_translated_port integer,
  source_names integer, destination_names integer, destination_port integer, protocol integer, vni integer, vlan integer, network integer, node integer,
  verdict integer, encrypted integer, traits integer, outer_source blob, outer_destination blob, l7_name integer, l7_application integer);
create table flow(id integer primary key, conversation integer, end_us integer, duration_us integer, source_port integer, packets_to_destination integer,
  packets_to_source integer, bytes_to_destination integer, bytes_to_source integer, payload_to_destination integer, payload_to_source integer,
  tcp_flags integer, state integer, handshake_us integer, rtt_source_us integer, rtt_destination_us integer, source_pid integer, destination_pid integer);
create table flow_more(flow integer primary key, retransmits_to_destination integer, retransmits_to_source integer, resets_to_destination integer,
  resets_to_source integer, zero_windows_to_destination integer, zero_windows_to_source integer, fragments integer, loss integer,
  source_translated_port integer);
create table flow_l7(flow integer primary key, banner integer, user integer, database integer, risks integer, exchanges_left_out integer);
create table http_request(id integer primary key, time_us integer, method integer, host integer, path integer, version integer, status integer,
  latency_us integer, grpc integer);
create table dns_query(id integer primary key, time_us integer, name integer, type integer, rcode integer, answers integer, ttl integer, latency_us integer);
create table tls_session(id integer primary key, server_name integer, alpn integer, version integer, cipher integer, subject integer, issuer integer,
  not_after integer, ja3 integer, ja3s integer, ja4 integer);
create table block(first integer primary key, last integer, rows integer, least_start_us integer, least_end_us integer, greatest_end_us integer);
create table long_flow(flow integer primary key, start_us integer, end_us integer);
create view flows as select f.id,
  strftime('%Y-%m-%dT%H:%M:%fZ', m.value + (f.end_us - f.duration_us) / 1e6, 'unixepoch') as time,
  strftime('%Y-%m-%dT%H:%M:%fZ', m.value + f.end_us / 1e6, 'unixepoch') as end_time,
  s.container as source_container, s.project as source_project, s.service as source_service, hex(c.source_address) as source_ip_hex, f.source_port,
  d.container as destination_container, d.project as destination_project, d.service as destination_service,
  hex(c.destination_address) as destination_ip_hex, c.destination_port, c.protocol, l.value as l7_name,
  f.packets_to_destination, f.packets_to_source, f.bytes_to_destination, f.bytes_to_source
  from flow f join conversation c on c.id = f.conversation left join identity s on s.id = c.source_identity
  left join identity d on d.id = c.destination_identity left join text l on l.id = c.l7_name join meta m on m.key = 'day_start_s';
)";

const char* const index_schema = R"(
create table meta(key text primary key, value any) without rowid;
create table identity(id integer primary key, who integer not null, project text not null, service text not null, container text not null,
  network text not null, node text not null, unique(who, project, service, container, network, node));
create table pair(id integer primary key, source integer not null, destination integer not null, protocol integer not null, port integer not null,
  l7_name text not null, first_ms integer, last_ms integer, unique(source, destination, protocol, port, l7_name));
create table minute(time_s integer, pair integer, flows integer, errors integer, packets_to_destination integer, packets_to_source integer,
  bytes_to_destination integer, bytes_to_source integer, primary key(time_s, pair)) without rowid;
create table hour(time_s integer, pair integer, flows integer, errors integer, packets_to_destination integer, packets_to_source integer,
  bytes_to_destination integer, bytes_to_source integer, primary key(time_s, pair)) without rowid;
create table container(id integer primary key, time_ms integer, what text, container_id text, container text, image text, project text, service text,
  exit_code integer, inspect text);
create index container_time on container(time_ms);
create table blind_spot(id integer primary key, from_ms integer, until_ms integer, cause text, place text, count integer, detail text);
create table counter(time_ms integer, source text, name text, value integer, primary key(time_ms, source, name)) without rowid;
create table watch(id integer primary key, from_ms integer, until_ms integer, closed integer);
create table pruned(id integer primary key, time_ms integer, from_ms integer, until_ms integer, what text, rows integer, cause text);
)";

std::int64_t day_of_ns(std::int64_t unix_ns) {
    constexpr std::int64_t ns_per_day = us_per_day * 1000;
    return unix_ns / ns_per_day - (unix_ns % ns_per_day < 0 ? 1 : 0);
}

std::string day_text(std::int64_t day) {
    const auto date = date_of(day);
    return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string day_file_name(std::int64_t day) { return "flows-" + day_text(day) + ".sqlite"; }

std::optional<std::int64_t> day_of_file(std::string_view name) {
    constexpr std::string_view before = "flows-", after = ".sqlite";
    if (name.size() != before.size() + 8 + after.size() || !name.starts_with(before) || !name.ends_with(after)) return std::nullopt;
    const std::string_view digits = name.substr(before.size(), 8);
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const auto part = [&](std::size_t from, std::size_t count) { return static_cast<int>(text::to_integer(digits.substr(from, count)).value_or(0)); };
    const std::chrono::year_month_day date{std::chrono::year(part(0, 4)), std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                           std::chrono::day(static_cast<unsigned>(part(6, 2)))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace bulkhead::history
