// SPDX-License-Identifier: Apache-2.0
// JUnit's XML as Jenkins' xunit plugin writes it down (junit-10.xsd) and GitLab, Azure and others read it: a suite for each control, a
// case for each resource. JUnit has no word for "could not be decided": it is an error of the type unknown there, never a pass.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/counts.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/identity.h"
#include "report/verdicts.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t evidence_max = 8;
constexpr std::size_t value_bytes_max = 400;

std::string details(const audit::Control& control, const audit::Result& result) {
    std::string out = markup(result.reason) + '\n';
    if (const auto place = place_of(result)) out += markup(fmt::format("{}:{}:{}", place->file, place->line, place->column)) + '\n';
    const std::size_t shown = std::min(result.evidence.size(), evidence_max);
    for (std::size_t i = 0; i < shown; ++i) {
        const audit::Evidence& item = result.evidence[i];
        out += "evidence: " + markup(item.locator) + (item.value.empty() ? "" : " = " + markup(shortened(item.value, value_bytes_max))) + '\n';
    }
    if (shown < result.evidence.size()) out += fmt::format("and {} more pieces of evidence\n", result.evidence.size() - shown);
    if (!control.remediation.empty()) out += "remedy: " + markup(one_line(control.remediation)) + '\n';
    return out;
}

void write_case(const audit::Control& control, const audit::Result& result, std::ostream& out) {
    out << "<testcase classname=\"" << markup(control.id) << "\" name=\"" << markup(one_line(name_of(result))) << '"';
    const auto element = [&](std::string_view name, std::string_view type, std::string_view body) {
        out << ">\n<" << name << " type=\"" << markup(type) << "\" message=\"" << markup(result.reason) << '"';
        if (body.empty()) {
            out << "/>\n</testcase>\n";
        } else {
            out << '>' << body << "</" << name << ">\n</testcase>\n";
        }
    };
    switch (result.status) {
        case audit::Status::alarm: element("failure", control.severity, details(control, result)); break;
        case audit::Status::error: element("error", "error", details(control, result)); break;
        case audit::Status::unknown: element("error", "unknown", details(control, result)); break;
        case audit::Status::skip: element("skipped", "skip", ""); break;
        case audit::Status::info: out << ">\n<system-out>info: " << markup(result.reason) << "</system-out>\n</testcase>\n"; break;
        case audit::Status::ok: out << "/>\n"; break;
    }
}

void write_junit(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    const Counts all = count(audit.results);
    const std::size_t errors = all.of(audit::Status::error) + all.of(audit::Status::unknown);
    out << fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bulkhead\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n", all.total(),
                       all.of(audit::Status::alarm), errors);
    const std::string host = markup(host_name(audit));
    const std::string time = rfc3339(audit.as_of).substr(0, std::string_view("2026-11-22T12:00:00").size());
    for (const ControlResults& each : by_control(audit)) {
        if (each.results.empty()) continue;
        const audit::Control& control = *each.control;
        out << fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" hostname=\"{}\" timestamp=\"{}\">\n",
                           markup(control.id + " " + control.title), each.counts.total(), each.counts.of(audit::Status::alarm),
                           each.counts.of(audit::Status::error) + each.counts.of(audit::Status::unknown), each.counts.of(audit::Status::skip), host, time);
        for (const audit::Result* result : each.results) write_case(control, *result, out);
        out << "</testsuite>\n";
    }
    out << "</testsuites>\n";
}

}  // namespace

Format junit() { return {.name = "junit", .help = "JUnit XML: a suite a control, a case a resource", .write = write_junit, .suffixes = {".junit.xml"}}; }

}  // namespace bulkhead::report
