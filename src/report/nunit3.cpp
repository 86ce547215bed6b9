// SPDX-License-Identifier: Apache-2.0
// NUnit 3's result XML (docs.nunit.org, "Test Result XML Format"): a suite for each control, a case for each resource. unknown is
// Inconclusive, which is what that word is for; error is Failed with the label Error.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/escape.h"
#include "report/format.h"
#include "report/identity.h"
#include "report/verdicts.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t evidence_max = 8;
constexpr std::size_t value_bytes_max = 400;

std::string_view result_of(audit::Status status) {
    switch (status) {
        case audit::Status::ok:
        case audit::Status::info: return "result=\"Passed\"";
        case audit::Status::skip: return "result=\"Skipped\"";
        case audit::Status::unknown: return "result=\"Inconclusive\"";
        case audit::Status::error: return "result=\"Failed\" label=\"Error\"";
        case audit::Status::alarm: break;
    }
    return "result=\"Failed\"";
}

std::string_view result_of(const Counts& counts) {
    if (counts.bad() > 0) return "Failed";
    if (counts.of(audit::Status::unknown) > 0) return "Inconclusive";
    return counts.of(audit::Status::ok) + counts.of(audit::Status::info) > 0 ? "Passed" : "Skipped";
}

// The attributes that runs and suites have in common.
std::string totals(const Counts& counts) {
    using audit::Status;
    return fmt::format(
        "testcasecount=\"{0}\" result=\"{1}\" total=\"{0}\" passed=\"{2}\" failed=\"{3}\" warnings=\"0\" inconclusive=\"{4}\" skipped=\"{5}\" "
        "asserts=\"0\"",
        counts.total(), result_of(counts), counts.of(Status::ok) + counts.of(Status::info), counts.bad(), counts.of(Status::unknown), counts.of(Status::skip));
}

// "2026-11-22 12:00:00Z", as the console runner writes it.
std::string time_text(UnixMs time) {
    std::string text = rfc3339(time).substr(0, std::string_view("2026-11-22T12:00:00").size()) + "Z";
    std::ranges::replace(text, 'T', ' ');
    return text;
}

std::string property(std::string_view name, std::string_view value) {
    return fmt::format("<property name=\"{}\" value=\"{}\"/>\n", markup(name), markup(value));
}

void write_case(const audit::Control& control, const audit::Result& result, const std::string& id, std::ostream& out) {
    const std::string name = one_line(name_of(result));
    out << "<test-case id=\"" << id << "\" name=\"" << markup(name) << "\" fullname=\"" << markup(control.id + "." + name) << "\" methodname=\"" << markup(name)
        << "\" classname=\"" << markup(control.id) << "\" runstate=\"" << (result.status == audit::Status::skip ? "Skipped" : "Runnable") << "\" "
        << result_of(result.status) << " duration=\"0\" asserts=\"0\">\n<properties>\n"
        << property("Status", audit::name(result.status)) << property("Severity", control.severity) << property("Layer", result.layer);
    if (const auto place = place_of(result)) out << property("Place", fmt::format("{}:{}:{}", place->file, place->line, place->column));
    const std::size_t shown = std::min(result.evidence.size(), evidence_max);
    for (std::size_t i = 0; i < shown; ++i) {
        const audit::Evidence& item = result.evidence[i];
        out << property("Evidence", item.value.empty() ? item.locator : item.locator + " = " + shortened(item.value, value_bytes_max));
    }
    if (shown < result.evidence.size()) out << property("EvidenceLeftOut", std::to_string(result.evidence.size() - shown));
    out << "</properties>\n";
    const std::string message = "<message>" + markup(result.reason) + "</message>";
    if (result.status == audit::Status::alarm || result.status == audit::Status::error) {
        out << "<failure>" << message << "</failure>\n";
    } else if (result.status != audit::Status::ok) {
        out << "<reason>" << message << "</reason>\n";
    }
    out << "</test-case>\n";
}

void write_nunit3(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    const Counts all = count(audit.results);
    const UnixMs start = audit.started_at == 0 ? audit.as_of : audit.started_at;
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<test-run id=\"0\" name=\"bulkhead\" fullname=\"bulkhead\" runstate=\"Runnable\" "
        << totals(all) << " engine-version=\"" << markup(audit.tool_version) << "\" start-time=\"" << time_text(start) << "\" end-time=\""
        << time_text(std::max(start, audit.as_of)) << "\" duration=\""
        << fmt::format("{:.3f}", static_cast<double>(std::max(start, audit.as_of) - start) / 1000) << "\">\n<test-suite type=\"Assembly\" id=\"1\" name=\""
        << markup(host_name(audit)) << "\" fullname=\"" << markup(host_name(audit)) << "\" runstate=\"Runnable\" " << totals(all) << ">\n";
    std::size_t suite = 1;
    for (const ControlResults& each : by_control(audit)) {
        ++suite;
        if (each.results.empty()) continue;
        const audit::Control& control = *each.control;
        out << fmt::format("<test-suite type=\"TestFixture\" id=\"{}\" name=\"{}\" fullname=\"{}\" classname=\"{}\" runstate=\"Runnable\" {}>\n<properties>\n",
                           suite, markup(control.id + " " + control.title), markup(control.id), markup(control.id), totals(each.counts));
        out << property("Description", one_line(control.description)) << property("Remedy", one_line(control.remediation)) << "</properties>\n";
        std::size_t number = 0;
        for (const audit::Result* result : each.results) write_case(control, *result, fmt::format("{}-{}", suite, ++number), out);
        out << "</test-suite>\n";
    }
    out << "</test-suite>\n</test-run>\n";
}

}  // namespace

Format nunit3() {
    return {.name = "nunit3", .help = "NUnit 3 XML, as Azure DevOps and Powerpipe's users read it", .write = write_nunit3, .suffixes = {".nunit3.xml"}};
}

}  // namespace bulkhead::report
