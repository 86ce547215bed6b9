// SPDX-License-Identifier: Apache-2.0
// GitLab's code quality report (docs.gitlab.com, "Code Quality report format"; a subset of the Code Climate specification): what is wrong
// and what could not be decided, with a place in a file each. What is ok, info or skip has no place in it.
#include <fmt/format.h>

#include <map>
#include <string_view>

#include "base/json.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/identity.h"

namespace bulkhead::report {

namespace {

std::string_view severity_of(audit::Status status, std::string_view severity) {
    if (status == audit::Status::unknown) return "info";
    if (status == audit::Status::error) return "major";
    constexpr std::string_view words[] = {"major", "minor", "major", "critical", "blocker"};
    return words[severity_rank(severity)];
}

std::string_view prefix_of(audit::Status status) {
    if (status == audit::Status::unknown) return "could not be decided: ";
    return status == audit::Status::error ? "could not be evaluated: " : "";
}

void write_gitlab(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    std::map<std::string_view, const audit::Control*> controls;
    for (const audit::Control& control : audit.controls) controls.emplace(control.id, &control);
    Fingerprints fingerprints;
    out << '[';
    const char* separator = "\n";
    for (const audit::Result& result : audit.results) {
        if (result.status < audit::Status::unknown) continue;
        const auto control = controls.find(result.control);
        const auto place = place_of(result);
        const std::string title = control == controls.end() ? "" : one_line(control->second->title) + ": ";
        out << separator << "{\"type\": \"issue\", \"description\": "
            << json::quote(fmt::format("{}{}: {}{}", title, one_line(name_of(result)), prefix_of(result.status), one_line(result.reason)))
            << ", \"check_name\": " << json::quote(result.control) << ", \"categories\": [\"Security\"], \"fingerprint\": \"" << fingerprints.next(result)
            << "\", \"severity\": \"" << severity_of(result.status, control == controls.end() ? "" : std::string_view(control->second->severity))
            << "\", \"location\": {\"path\": " << json::quote(path_of(audit, result)) << ", \"lines\": {\"begin\": " << (place ? place->line : 1) << "}}}";
        separator = ",\n";
    }
    out << "\n]\n";
}

}  // namespace

Format gitlab() {
    return {.name = "gitlab", .help = "GitLab code quality: alarms and unknowns for merge requests", .write = write_gitlab, .suffixes = {".gitlab.json"}};
}

}  // namespace bulkhead::report
