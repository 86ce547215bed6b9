// SPDX-License-Identifier: Apache-2.0
// source_status: every reading of this run, so far, that was denied or failed. What rests on one of them is unknown.
#include "tables/host_rows.h"

namespace bulkhead::tables {

namespace {

using Row = world::ReadingPtr;

std::vector<Row> read(Scan& scan) { return scan.facts().world.unreadable(); }

}  // namespace

Table source_status() {
    return make_table<Row>(TableSpec<Row>{.name = "source_status",
                                          .help = "sources that could not be read in this run, so far",
                                          .columns = {{"source", Type::text, "kind of source: engine, file, netlink, ...",
                                                       [](const Row& row) { return cell(std::string_view(row->locator).substr(0, row->locator.find(':'))); }},
                                                      {"state", Type::text, "denied, failed", [](const Row& row) { return cell(world::name(row->outcome)); }},
                                                      {"reason", Type::text, "why", [](const Row& row) { return cell(row->reason); }},
                                                      {"read_at", Type::text, "when", [](const Row& row) { return cell(rfc3339(row->read_at)); }},
                                                      {"locator", Type::text, "what could not be read", [](const Row& row) { return cell(row->locator); }}},
                                          .examples = {"select locator, state, reason from source_status"},
                                          .rows = read});
}

}  // namespace bulkhead::tables
