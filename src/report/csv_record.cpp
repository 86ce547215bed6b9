// SPDX-License-Identifier: Apache-2.0
#include "report/csv_record.h"

#include <algorithm>

#include "base/text.h"

namespace bulkhead::report {

std::string csv_cell(std::string_view raw) {
    std::string value = text::printable(raw);
    if (!raw.empty() && std::string_view("=+-@\t\r").find(raw.front()) != std::string_view::npos) value.insert(value.begin(), '\'');
    if (std::ranges::none_of(value, [](char c) { return c == '"' || c == ',' || c == '\r' || c == '\n'; })) return value;
    std::string quoted = "\"";
    quoted.reserve(value.size() + 8);
    for (const char c : value) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    quoted += '"';
    return quoted;
}

std::string csv_record(std::span<const std::string_view> cells) {
    std::string record;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) record += ',';
        record += csv_cell(cells[i]);
    }
    record += "\r\n";
    return record;
}

std::string csv_record(const std::vector<std::string>& cells) {
    const std::vector<std::string_view> views(cells.begin(), cells.end());
    return csv_record(std::span<const std::string_view>(views));
}

}  // namespace bulkhead::report
