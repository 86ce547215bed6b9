// SPDX-License-Identifier: Apache-2.0
#include "tables/past_rows.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::tables {

namespace {

constexpr std::size_t day_length = 10;  // of "2026-11-22"
constexpr UnixMs ms_per_second = 1000, ms_per_day = 86'400'000;

std::optional<UnixMs> whole_time(std::string_view text) {
    return text.size() > day_length && text[day_length] == 'T' && text.ends_with('Z') ? parse_rfc3339(text) : std::nullopt;
}

std::optional<UnixMs> whole_day(std::string_view text) {
    if (text.size() < day_length) return std::nullopt;
    return parse_rfc3339(std::string(text.substr(0, day_length)) + "T00:00:00Z");
}

Cell cell_of(const json::Value& value, Type type) {
    if (!value.exists() || value.is_null()) return {};
    switch (type) {
        case Type::integer: return cell(value.integer());
        case Type::real: return cell(value.real());
        case Type::boolean: return value.integer() ? cell(*value.integer() != 0) : cell(value.boolean());
        case Type::json: return cell(value.dump());
        case Type::text: break;
    }
    return cell(value.text());
}

}  // namespace

// Times are compared as texts. "...:05Z" lies behind "...:05.999Z", since a point comes before Z: a second is added for that.
std::optional<UnixMs> least_time(std::string_view text) {
    if (auto time = whole_time(text)) return time;
    return whole_day(text);
}

std::optional<UnixMs> greatest_time(std::string_view text) {
    if (auto time = whole_time(text)) return *time + ms_per_second;
    if (auto day = whole_day(text)) return *day + ms_per_day;
    return std::nullopt;
}

std::vector<PastRow> past_rows(Scan& scan, const PastQuery& query) {
    std::map<std::string, std::string> conditions;
    for (const std::string& key : query.keys) {
        if (auto value = scan.wanted(key)) conditions[key] = std::move(*value);
    }
    std::optional<UnixMs> since, until;
    for (const std::string& column : query.times) {
        const auto from = scan.wanted(column + ">=");
        const auto to = scan.wanted(column + "<=");
        const auto least = from ? least_time(*from) : std::nullopt;
        const auto greatest = to ? greatest_time(*to) : std::nullopt;
        if (least) since = std::max(since.value_or(*least), *least);
        if (greatest) until = std::min(until.value_or(*greatest), *greatest);
    }
    if (since) conditions["since"] = std::to_string(*since);
    if (until) conditions["until"] = std::to_string(*until);
    const auto reading = scan.facts().world.read(world::history_of(query.what, conditions));
    if (!reading->present()) {
        if (reading->absent()) {
            scan.failed(reading->locator, std::string(world::no_history) + ": " + reading->reason);
        } else {
            scan.failed(*reading);
        }
        return {};
    }
    auto parsed = json::Document::parse(reading->bytes);
    if (!parsed || !parsed->root().is_array()) {
        scan.failed(reading->locator, parsed ? "not a list of rows" : parsed.error().message);
        return {};
    }
    const auto document = std::make_shared<const json::Document>(std::move(*parsed));
    const auto locator = std::make_shared<const std::string>(reading->locator);
    std::vector<PastRow> rows;
    for (const json::Value& row : document->root().items()) rows.push_back({row, document, locator});
    return rows;
}

Column<PastRow> past_column(std::string name, Type type, std::string help) {
    return {name, type, std::move(help), [name, type](const PastRow& row) { return cell_of(row.value[name], type); }};
}

std::vector<Column<PastRow>> past_columns(std::vector<ColumnInfo> columns) {
    std::vector<Column<PastRow>> out;
    for (ColumnInfo& column : columns) out.push_back(past_column(std::move(column.name), column.type, std::move(column.help)));
    out.push_back({"locator", Type::text, "the reading this row was made from", [](const PastRow& row) { return cell(*row.locator); }});
    return out;
}

std::vector<ColumnInfo> with_ends(std::vector<ColumnInfo> columns) {
    const std::vector<ColumnInfo> ends = {
        {"source_container", Type::text, "name of the container that asked"},
        {"source_project", Type::text, "its Compose project or stack"},
        {"source_service", Type::text, "its service"},
        {"source_ip", Type::text, "address that asked"},
        {"destination_container", Type::text, "name of the container that was asked"},
        {"destination_project", Type::text, "its Compose project or stack"},
        {"destination_service", Type::text, "its service"},
        {"destination_ip", Type::text, "address that was asked"},
        {"destination_port", Type::integer, "port that was asked"},
        {"network", Type::text, "container network it was seen on"},
        {"node", Type::text, "that saw it"},
    };
    columns.insert(columns.begin() + 1, ends.begin(), ends.end());
    return columns;
}

const std::vector<std::string>& end_keys() {
    static const std::vector<std::string> keys = {"source_container",    "source_project",      "source_service", "source_ip",        "destination_container",
                                                  "destination_project", "destination_service", "destination_ip", "destination_port", "network"};
    return keys;
}

}  // namespace bulkhead::tables
