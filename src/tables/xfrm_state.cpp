// SPDX-License-Identifier: Apache-2.0
// xfrm_state: IPsec security associations in the engine's network namespace, where encrypted overlays have theirs. Without keys.
#include "base/json.h"
#include "base/text.h"
#include "host/xfrm.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::XfrmState state;
    std::string locator;
};

template <class Member>
auto state(Member host::XfrmState::* member) {
    return [member](const Row& row) { return cell(row.state.*member); };
}

std::string algorithms_json(const host::XfrmState& from) {
    std::vector<std::string> parts;
    for (const host::XfrmAlgorithm& one : from.algorithms) {
        parts.push_back(R"({"use":)" + json::quote(one.use) + R"(,"name":)" + json::quote(one.name) + R"(,"key_bits":)" + std::to_string(one.key_bits) +
                        R"(,"icv_bits":)" + std::to_string(one.icv_bits) + "}");
    }
    return "[" + text::join(parts, ",") + "]";
}

std::vector<Row> read(Scan& scan) {
    std::string locator;
    std::vector<Row> rows;
    for (host::XfrmState& one : dump_of_engine<host::XfrmState>(scan, "xfrm_state", host::parse_xfrm_states, &locator))
        rows.push_back({std::move(one), locator});
    return rows;
}

}  // namespace

Table xfrm_state() {
    return make_table<Row>(TableSpec<Row>{
        .name = "xfrm_state",
        .help = "IPsec security associations where the engine runs, without keys",
        .columns = {{"source", Type::text, "address of the sender", state(&host::XfrmState::source)},
                    {"destination", Type::text, "address of the receiver", state(&host::XfrmState::destination)},
                    {"spi", Type::integer, "security parameter index", state(&host::XfrmState::spi)},
                    {"protocol", Type::text, "esp, ah, comp", state(&host::XfrmState::protocol)},
                    {"mode", Type::text, "transport, tunnel, ...", state(&host::XfrmState::mode)},
                    {"reqid", Type::integer, "ties it to policies", state(&host::XfrmState::reqid)},
                    {"mark", Type::integer, "packet mark it is for; null: any", state(&host::XfrmState::mark)},
                    {"algorithms", Type::json, "list of use, name, key_bits, icv_bits", [](const Row& row) { return cell(algorithms_json(row.state)); }},
                    {"extended_sequence", Type::boolean, "counts to 2^64 in place of 2^32", state(&host::XfrmState::extended_sequence)},
                    {"sequence_out", Type::integer, "last number sent", state(&host::XfrmState::sequence_out)},
                    {"sequence_in", Type::integer, "highest number received", state(&host::XfrmState::sequence_in)},
                    {"bytes", Type::integer, "carried so far", state(&host::XfrmState::bytes)},
                    {"packets", Type::integer, "carried so far", state(&host::XfrmState::packets)},
                    {"added_at", Type::text, "when the key was set", [](const Row& row) { return cell(rfc3339(row.state.added_at_s * 1000)); }},
                    {"added_at_ms", Type::integer, "when the key was set, unix milliseconds", [](const Row& row) { return cell(row.state.added_at_s * 1000); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select source, destination, spi, packets from xfrm_state where protocol = 'esp'"},
        .rows = read});
}

}  // namespace bulkhead::tables
