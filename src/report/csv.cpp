// SPDX-License-Identifier: Apache-2.0
// The format for spreadsheets: one record a result, one column for every dimension of any result (csv_record.h has the rules of cells).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "base/text.h"
#include "report/csv_record.h"
#include "report/format.h"

namespace bulkhead::report {

namespace {

std::vector<std::string> dimension_names(const std::vector<audit::Result>& results) {
    std::vector<std::string> names;
    for (const audit::Result& result : results) {
        for (const auto& [name, value] : result.dimensions) {
            if (std::ranges::find(names, name) == names.end()) names.push_back(name);
        }
    }
    return names;
}

std::string evidence_cell(const std::vector<audit::Evidence>& evidence) {
    std::vector<std::string> parts;
    parts.reserve(evidence.size());
    for (const audit::Evidence& item : evidence) parts.push_back(item.value.empty() ? item.locator : item.locator + " = " + item.value);
    return text::join(parts, "; ");
}

void write_csv(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    std::map<std::string_view, const audit::Control*> controls;
    for (const audit::Control& control : audit.controls) controls.emplace(control.id, &control);
    const std::vector<std::string> dimensions = dimension_names(audit.results);

    std::vector<std::string> header = {"control", "title", "severity", "levels", "resource", "resource_name", "status", "reason", "layer", "evidence"};
    header.insert(header.end(), dimensions.begin(), dimensions.end());
    out << csv_record(header);
    const audit::Control unlisted;
    for (const audit::Result& result : audit.results) {
        const auto found = controls.find(result.control);
        const audit::Control& control = found == controls.end() ? unlisted : *found->second;
        std::vector<std::string> cells = {result.control,
                                          control.title,
                                          control.severity,
                                          fmt::format("{}", fmt::join(control.levels, " ")),
                                          result.resource,
                                          result.resource_name,
                                          std::string(audit::name(result.status)),
                                          result.reason,
                                          result.layer,
                                          evidence_cell(result.evidence)};
        for (const std::string& name : dimensions) {
            const auto value = std::ranges::find(result.dimensions, name, &std::pair<std::string, std::string>::first);
            cells.push_back(value == result.dimensions.end() ? "" : value->second);
        }
        out << csv_record(cells);
    }
}

}  // namespace

Format csv() { return {.name = "csv", .help = "RFC 4180, one record a result, for spreadsheets", .write = write_csv, .suffixes = {".csv"}}; }

}  // namespace bulkhead::report
