// SPDX-License-Identifier: Apache-2.0
// Records of CSV by RFC 4180. Texts come from containers, so a cell that a spreadsheet would run as a formula is made text (OWASP
// "CSV Injection": = + - @, tab, CR); control bytes show as \xNN, so a record is always one line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::report {

std::string csv_cell(std::string_view raw);
std::string csv_record(std::span<const std::string_view> cells);  // with its CRLF
std::string csv_record(const std::vector<std::string>& cells);

}  // namespace bulkhead::report
