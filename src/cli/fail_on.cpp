// SPDX-License-Identifier: Apache-2.0
#include "cli/fail_on.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "cli/command.h"

namespace bulkhead::cli {

namespace {

constexpr std::string_view severities[] = {"low", "medium", "high", "critical"};

int severity_rank(std::string_view severity) {
    const auto* const found = std::ranges::find(severities, severity);
    return found == std::end(severities) ? 0 : static_cast<int>(found - std::begin(severities)) + 1;
}

}  // namespace

bulkhead::Result<FailOn> parse_fail_on(const std::vector<std::string>& words) {
    if (words.empty()) return FailOn{};
    FailOn fail_on{.alarm = false};
    bool none = false;
    constexpr std::string_view severity_word = "severity>=";
    for (const std::string& word : words) {
        if (word == "alarm") {
            fail_on.alarm = true;
        } else if (word == "unknown") {
            fail_on.unknown = true;
        } else if (word == "error") {
            fail_on.error = true;
        } else if (word == "none") {
            none = true;
        } else if (word.starts_with(severity_word) && severity_rank(word.substr(severity_word.size())) > 0) {
            fail_on.severity_min = severity_rank(word.substr(severity_word.size()));
        } else {
            return fail(Code::invalid_input, fmt::format("--fail-on {}: use alarm, unknown, error, none or severity>=low|medium|high|critical", word));
        }
    }
    if (none && words.size() > 1) return fail(Code::invalid_input, "--fail-on none stands alone");
    if (none) return FailOn{.alarm = false, .error = false};
    return fail_on;
}

int exit_code(const audit::Audit& audit, const FailOn& fail_on) {
    std::map<std::string_view, int> severity_of;
    for (const audit::Control& control : audit.controls) severity_of[control.id] = severity_rank(control.severity);
    int code = exit_good;
    for (const audit::Result& result : audit.results) {
        const bool alarm = result.status == audit::Status::alarm;
        if (fail_on.error && result.status == audit::Status::error) return exit_error;
        if (fail_on.alarm && alarm) code = exit_alarm;
        if (fail_on.unknown && result.status == audit::Status::unknown) code = exit_alarm;
        if (fail_on.severity_min > 0 && alarm && severity_of[result.control] >= fail_on.severity_min) code = exit_alarm;
    }
    return code;
}

}  // namespace bulkhead::cli
