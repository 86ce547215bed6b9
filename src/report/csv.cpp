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
    std::string cell;
    for (const audit::Evidence& item : evidence) {
        if (!cell.empty()) cell += "; ";
        cell += item.locator;
        if (!item.value.empty()) (cell += " = ") += item.value;
    }
    return cell;
}

struct Listed {
    const audit::Control* control;
    std::string levels;
};

void write_csv(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    std::map<std::string_view, Listed> controls;
    for (const audit::Control& control : audit.controls) controls.emplace(control.id, Listed{&control, fmt::format("{}", fmt::join(control.levels, " "))});
    const std::vector<std::string> dimensions = dimension_names(audit.results);

    std::vector<std::string> header = {"control", "title", "severity", "levels", "resource", "resource_name", "status", "reason", "layer", "evidence"};
    header.insert(header.end(), dimensions.begin(), dimensions.end());
    out << csv_record(header);
    const audit::Control unknown;
    const Listed unlisted{&unknown, ""};
    std::vector<std::string_view> cells;
    for (const audit::Result& result : audit.results) {
        const auto found = controls.find(result.control);
        const auto& [control, levels] = found == controls.end() ? unlisted : found->second;
        const std::string evidence = evidence_cell(result.evidence);
        cells.assign({result.control, control->title, control->severity, levels, result.resource, result.resource_name, audit::name(result.status),
                      result.reason, result.layer, evidence});
        for (const std::string& name : dimensions) {
            const auto value = std::ranges::find(result.dimensions, name, &std::pair<std::string, std::string>::first);
            cells.push_back(value == result.dimensions.end() ? std::string_view() : value->second);
        }
        out << csv_record(cells);
    }
}

}  // namespace

Format csv() { return {.name = "csv", .help = "RFC 4180, one record a result, for spreadsheets", .write = write_csv, .suffixes = {".csv"}}; }

}  // namespace bulkhead::report
