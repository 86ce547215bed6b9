// SPDX-License-Identifier: Apache-2.0
#include "cli/fail_on.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "base/text.h"
#include "cli/command.h"

namespace bulkhead::cli {

namespace {

constexpr std::string_view severities[] = {"low", "medium", "high", "critical"};

int severity_rank(std::string_view severity) {
    const auto* const found = std::ranges::find(severities, severity);
    return found == std::end(severities) ? 0 : static_cast<int>(found - std::begin(severities)) + 1;
}

// The number after the words of a condition; 0 where it is no such condition.
int value_after(std::string_view word, std::string_view start) {
    if (!word.starts_with(start)) return 0;
    const std::string_view value = word.substr(start.size());
    if (start == "severity>=") return severity_rank(value);
    return value == "1" || value == "2" || value == "3" ? value[0] - '0' : 0;
}

bool fails(const audit::Result& result, const audit::Control* control, const FailOn& fail_on) {
    using audit::Status;
    if (result.status == Status::error) return fail_on.error;
    if (result.novelty == audit::Novelty::known) return false;
    if (result.status == Status::unknown) return fail_on.unknown;
    if (result.status != Status::alarm) return false;
    // A control of which nothing is known cannot be thought harmless.
    const bool severe = fail_on.severity_min > 0 && (control == nullptr || severity_rank(control->severity) >= fail_on.severity_min);
    const bool basic =
        fail_on.level_max > 0 && (control == nullptr || control->levels.empty() || *std::ranges::min_element(control->levels) <= fail_on.level_max);
    return fail_on.alarm || severe || basic || (fail_on.is_new && result.novelty == audit::Novelty::is_new);
}

}  // namespace

bulkhead::Result<FailOn> parse_fail_on(const std::vector<std::string>& words) {
    if (words.empty()) return FailOn{};
    FailOn fail_on{.alarm = false};
    bool never = false;
    for (const std::string& word : words) {
        if (word == "alarm") {
            fail_on.alarm = true;
        } else if (word == "unknown") {
            fail_on.unknown = true;
        } else if (word == "error") {
            fail_on.error = true;
        } else if (word == "new") {
            fail_on.is_new = true;
        } else if (word == "never" || word == "none") {
            never = true;
        } else if (const int severity = value_after(word, "severity>="); severity > 0) {
            fail_on.severity_min = fail_on.severity_min == 0 ? severity : std::min(severity, fail_on.severity_min);
        } else if (const int level = value_after(word, "level<="); level > 0) {
            fail_on.level_max = std::max(level, fail_on.level_max);
        } else {
            return fail(
                Code::invalid_input,
                fmt::format("--fail-on {}: use alarm, unknown, error, severity>=low|medium|high|critical, level<=1|2|3, new or never", text::printable(word)));
        }
    }
    if (never && words.size() > 1) return fail(Code::invalid_input, "--fail-on never stands alone");
    if (never) return FailOn{.alarm = false, .error = false};
    return fail_on;
}

std::vector<const audit::Result*> failing(const audit::Audit& audit, const FailOn& fail_on) {
    std::map<std::string_view, const audit::Control*> controls;
    for (const audit::Control& control : audit.controls) controls.emplace(control.id, &control);
    std::vector<const audit::Result*> found;
    for (const audit::Result& result : audit.results) {
        const auto control = controls.find(result.control);
        if (fails(result, control == controls.end() ? nullptr : control->second, fail_on)) found.push_back(&result);
    }
    return found;
}

int exit_code(const audit::Audit& audit, const FailOn& fail_on) {
    const auto found = failing(audit, fail_on);
    if (std::ranges::any_of(found, [](const audit::Result* result) { return result->status == audit::Status::error; })) return exit_error;
    return found.empty() ? exit_good : exit_alarm;
}

}  // namespace bulkhead::cli
