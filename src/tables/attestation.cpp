// SPDX-License-Identifier: Apache-2.0
// attestation: what people signed for, as they brought it along with --attestations. A snapshot holds none: they are given again.
#include "tables/attestation.h"

#include "tables/facts.h"
#include "tables/table.h"

namespace bulkhead::tables {

namespace {

std::string state_of(const Attestation& row, UnixMs now) {
    if (now >= row.ends_at) return "expired";
    return now < row.dated_at ? "future" : "in_force";
}

struct Row {
    const Attestation* item = nullptr;
    UnixMs now = 0;
};

auto text(std::string Attestation::* member) {
    return [member](const Row& row) { return cell(row.item->*member); };
}

}  // namespace

Table attestation() {
    return make_table<Row>({
        .name = "attestation",
        .help = "Statements that people signed for, given with --attestations.",
        .columns = {{"control", Type::text, "the control it answers", text(&Attestation::control)},
                    {"statement", Type::text, "what is stated", text(&Attestation::statement)},
                    {"owner", Type::text, "who answers for it", text(&Attestation::owner)},
                    {"date", Type::text, "when it was stated", text(&Attestation::date)},
                    {"expires", Type::text, "the last day it holds", text(&Attestation::expires)},
                    {"evidence", Type::text, "where more is written; empty: nowhere", text(&Attestation::evidence)},
                    {"state", Type::text, "in_force, expired, future: at the moment the facts are about",
                     [](const Row& row) { return cell(state_of(*row.item, row.now)); }},
                    {"place", Type::text, "file and line", [](const Row& row) { return cell(row.item->place()); }},
                    {"locator", Type::text, "the reading this row was made from", [](const Row& row) { return cell(row.item->locator()); }}},
        .examples = {"select control, owner, expires from attestation where state <> 'in_force'"},
        .rows =
            [](Scan& scan) {
                std::vector<Row> rows;
                for (const Attestation& item : scan.facts().attestations) rows.push_back({&item, scan.facts().world.as_of()});
                return rows;
            },
    });
}

}  // namespace bulkhead::tables
