// SPDX-License-Identifier: Apache-2.0
// xfrm_policy: which packets must go through IPsec, in the engine's network namespace.
#include "base/json.h"
#include "base/text.h"
#include "host/xfrm.h"
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

struct Row {
    host::XfrmPolicy policy;
    std::string locator;
};

template <class Member>
auto policy(Member host::XfrmPolicy::* member) {
    return [member](const Row& row) { return cell(row.policy.*member); };
}

template <class Member>
auto selector(Member host::XfrmSelector::* member) {
    return [member](const Row& row) { return cell(row.policy.selector.*member); };
}

std::string templates_json(const host::XfrmPolicy& from) {
    std::vector<std::string> parts;
    for (const host::XfrmTemplate& one : from.templates) {
        parts.push_back(R"({"source":)" + json::quote(one.source) + R"(,"destination":)" + json::quote(one.destination) + R"(,"spi":)" +
                        std::to_string(one.spi) + R"(,"protocol":)" + json::quote(one.protocol) + R"(,"mode":)" + json::quote(one.mode) + R"(,"reqid":)" +
                        std::to_string(one.reqid) + R"(,"optional":)" + (one.optional ? "true" : "false") + "}");
    }
    return "[" + text::join(parts, ",") + "]";
}

std::vector<Row> read(Scan& scan) {
    std::string locator;
    std::vector<Row> rows;
    for (host::XfrmPolicy& one : dump_of_engine<host::XfrmPolicy>(scan, "xfrm_policy", host::parse_xfrm_policies, &locator))
        rows.push_back({std::move(one), locator});
    return rows;
}

}  // namespace

Table xfrm_policy() {
    return make_table<Row>(TableSpec<Row>{
        .name = "xfrm_policy",
        .help = "IPsec policies where the engine runs",
        .columns = {{"direction", Type::text, "in, out, fwd", policy(&host::XfrmPolicy::direction)},
                    {"action", Type::text, "allow (through the templates), block", policy(&host::XfrmPolicy::action)},
                    {"source", Type::text, "prefix", selector(&host::XfrmSelector::source)},
                    {"destination", Type::text, "prefix", selector(&host::XfrmSelector::destination)},
                    {"protocol", Type::text, "udp, tcp, ...; null: any", [](const Row& row) { return text_or_null(row.policy.selector.protocol); }},
                    {"source_port", Type::integer, "0: any", selector(&host::XfrmSelector::source_port)},
                    {"destination_port", Type::integer, "0: any", selector(&host::XfrmSelector::destination_port)},
                    {"priority", Type::integer, "the lower is asked first", policy(&host::XfrmPolicy::priority)},
                    {"mark", Type::integer, "packet mark it is for; null: any", policy(&host::XfrmPolicy::mark)},
                    {"templates", Type::json, "list of source, destination, spi, protocol, mode, reqid, optional",
                     [](const Row& row) { return cell(templates_json(row.policy)); }},
                    {"locator", Type::text, std::string(locator_help), of(&Row::locator)}},
        .examples = {"select direction, source, destination, destination_port from xfrm_policy"},
        .rows = read});
}

}  // namespace bulkhead::tables
