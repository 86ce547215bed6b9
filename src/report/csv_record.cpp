// SPDX-License-Identifier: Apache-2.0
#include "report/csv_record.h"

#include "base/text.h"

namespace bulkhead::report {

std::string csv_cell(std::string_view raw) {
    std::string value = text::printable(raw);
    if (!raw.empty() && std::string_view("=+-@\t\r").find(raw.front()) != std::string_view::npos) value.insert(value.begin(), '\'');
    if (value.find_first_of("\",\r\n") == std::string::npos) return value;
    std::string quoted = "\"";
    for (const char c : value) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string csv_record(const std::vector<std::string>& cells) {
    std::string record;
    for (std::size_t i = 0; i < cells.size(); ++i) record += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    return record + "\r\n";
}

}  // namespace bulkhead::report
