// SPDX-License-Identifier: Apache-2.0
#include "report/snapshot_diff_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "report/layout.h"
#include "report/style.h"

namespace bulkhead::report {

namespace {

using audit::Change;

constexpr std::size_t value_bytes_max = 2000;  // of one value in text; JSON has it whole
constexpr std::size_t width_min = 60;

std::string status_of(const std::optional<audit::Status>& status) { return status ? std::string(audit::name(*status)) : "-"; }

std::string value_of(const std::string& value) { return value.empty() ? "nothing" : text::printable(value.substr(0, value_bytes_max)); }

void write_wrapped(const std::string& text, std::size_t indent, std::size_t width, std::string& out) {
    for (const std::string& line : wrap(text, width - indent)) out += std::string(indent, ' ') + line + '\n';
}

std::string_view mark(Change change) {
    switch (change) {
        case Change::appeared: return "+";
        case Change::gone: return "-";
        case Change::changed: return "~";
        case Change::unclear: return "?";
    }
    return "?";
}

void write_results(const std::vector<audit::ResultDifference>& results, const Style& style, std::size_t width, std::string& out) {
    out += style.paint(Tone::strong, "Results") + '\n';
    for (const audit::ResultDifference& one : results) {
        const Tone now = one.after ? tone(*one.after) : Tone::faint;
        out += fmt::format("  {} -> {}  {}  {}\n", status_of(one.before), style.paint(now, status_of(one.after)), text::printable(one.control),
                           style.paint(Tone::strong, text::printable(one.resource_name)));
        write_wrapped(text::printable(one.reason), 6, width, out);
    }
}

void write_facts(const std::vector<audit::FactDifference>& facts, const Style& style, std::size_t width, std::string& out) {
    const std::string* question = nullptr;
    for (const audit::FactDifference& one : facts) {
        if (question == nullptr || *question != one.question) {
            std::string title = one.question;
            title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
            out += (out.empty() || out.ends_with("\n\n") ? "" : "\n") + style.paint(Tone::strong, title) + '\n';
        }
        question = &one.question;
        const std::string key = one.key.empty() ? "not comparable: " + text::printable(one.reason) : text::printable(one.key);
        write_wrapped(fmt::format("{} {}", mark(one.change), key), 2, width, out);
        if (one.change == Change::unclear && !one.key.empty()) write_wrapped(text::printable(one.reason), 6, width, out);
        for (const audit::ColumnChange& column : one.columns)
            write_wrapped(fmt::format("{}: {} -> {}", column.column, value_of(column.before), value_of(column.after)), 6, width, out);
    }
}

}  // namespace

std::string snapshot_diff_text(const SnapshotDiff& diff, const RenderOptions& options) {
    const Style style(options);
    const std::size_t width = std::max(options.width, width_min);
    std::string out = fmt::format("{} of {}\n{} of {}\n\n", text::printable(diff.before.file), rfc3339(diff.before.as_of), text::printable(diff.after.file),
                                  rfc3339(diff.after.as_of));
    if (diff.empty()) return out + "No difference in results and facts.\n";
    if (!diff.results.empty()) write_results(diff.results, style, width, out);
    write_facts(diff.facts, style, width, out);
    const auto count = [&](Change change) { return std::ranges::count(diff.facts, change, &audit::FactDifference::change); };
    out += fmt::format("\n{} results differ. Facts: {} appeared (+), {} gone (-), {} changed (~), {} unclear (?)\n", diff.results.size(),
                       count(Change::appeared), count(Change::gone), count(Change::changed), count(Change::unclear));
    return out;
}

std::string snapshot_diff_json(const SnapshotDiff& diff) {
    const auto side = [](const SnapshotDiff::Side& one) {
        return fmt::format(R"({{"file": {}, "as_of": {}}})", json::quote(one.file), json::quote(rfc3339(one.as_of)));
    };
    const auto status = [](const std::optional<audit::Status>& one) { return one ? json::quote(audit::name(*one)) : std::string("null"); };
    std::string out =
        fmt::format("{{\"schema\": \"bulkhead.snapshot_diff/1\",\n\"before\": {},\n\"after\": {},\n\"results\": [", side(diff.before), side(diff.after));
    const char* separator = "\n";
    for (const audit::ResultDifference& one : diff.results) {
        out += fmt::format(R"({}{{"control": {}, "resource_name": {}, "before": {}, "after": {}, "reason": {}}})", separator, json::quote(one.control),
                           json::quote(one.resource_name), status(one.before), status(one.after), json::quote(one.reason));
        separator = ",\n";
    }
    out += "\n],\n\"facts\": [";
    separator = "\n";
    for (const audit::FactDifference& one : diff.facts) {
        std::string columns;
        for (const audit::ColumnChange& column : one.columns)
            columns += fmt::format(R"({}{{"column": {}, "before": {}, "after": {}}})", columns.empty() ? "" : ", ", json::quote(column.column),
                                   json::quote(column.before), json::quote(column.after));
        out += fmt::format(R"({}{{"about": {}, "change": {}, "key": {}, "columns": [{}], "reason": {}}})", separator, json::quote(one.question),
                           json::quote(audit::name(one.change)), json::quote(one.key), columns, json::quote(one.reason));
        separator = ",\n";
    }
    return out + "\n]}\n";
}

}  // namespace bulkhead::report
