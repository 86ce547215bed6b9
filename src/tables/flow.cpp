// SPDX-License-Identifier: Apache-2.0
// flow: conversations of the past, one a row; its columns are the keys of a flow's JSON.
#include "flow/fields.h"

#include "tables/past_rows.h"

namespace bulkhead::tables {

namespace {

Type type_of(bulkhead::flow::FieldType type) {
    switch (type) {
        case bulkhead::flow::FieldType::integer: return Type::integer;
        case bulkhead::flow::FieldType::boolean: return Type::boolean;
        case bulkhead::flow::FieldType::json: return Type::json;
        case bulkhead::flow::FieldType::text: break;
    }
    return Type::text;
}

std::vector<ColumnInfo> columns() {
    std::vector<ColumnInfo> out;
    for (const bulkhead::flow::Field& field : bulkhead::flow::fields()) out.push_back({std::string(field.name), type_of(field.type), std::string(field.help)});
    return out;
}

const std::vector<std::string>& keys() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out = end_keys();
        for (const char* key : {"source_container_id", "source_image", "source_port", "destination_container_id", "destination_image", "protocol", "l7_name"})
            out.emplace_back(key);
        return out;
    }();
    return all;
}

}  // namespace

Table flow() {
    return make_table<PastRow>(
        {.name = "flow",
         .help = "Conversations out of the history that bulkhead serve keeps, of containers that are gone too. At most 100000 rows a query: give it a time.",
         .columns = past_columns(columns()),
         .keys = keys(),
         .examples =
             {"select time, source_group, destination_group, destination_port, l7_name from flow where source_container = 'web' and time >= '2026-11-22'",
              "select destination_ip, sum(bytes_to_destination) from flow where destination_kind = 'external' and time >= '2026-11-22' group by 1 order by 2 "
              "desc"},
         .rows = [](Scan& scan) { return past_rows(scan, {.what = "flow", .keys = keys(), .times = {"time", "end_time"}}); },
         .reads_long = true,
         .ranges = {"time", "end_time"}});
}

}  // namespace bulkhead::tables
