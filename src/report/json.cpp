// SPDX-License-Identifier: Apache-2.0
// The format for programs: one object, "bulkhead.audit/1". Flat, with fixed order of keys and one result a line, so that jq needs
// no paths and two audits differ in the lines that differ. Keys are only ever added within version 1.
#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>

#include "base/json.h"
#include "report/counts.h"
#include "report/format.h"

namespace bulkhead::report {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A JSON object; a key that comes again (a column named twice) gets a number, for readers keep only one of two equal keys.
std::string object(const Pairs& pairs) {
    std::string out = "{";
    std::set<std::string> used;
    for (const auto& [key, value] : pairs) {
        std::string unique = key;
        for (int i = 2; !used.insert(unique).second; ++i) unique = fmt::format("{}_{}", key, i);
        out += fmt::format("{}{}: {}", out.size() > 1 ? ", " : "", json::quote(unique), json::quote(value));
    }
    return out + "}";
}

std::string time_or_null(UnixMs time) { return time == 0 ? "null" : json::quote(rfc3339(time)); }

// Evidence of one result was mostly read in the same millisecond as its neighbour's.
class Times {
  public:
    const std::string& text(UnixMs time) {
        if (time != last_ || text_.empty()) {
            last_ = time;
            text_ = time_or_null(time);
        }
        return text_;
    }

  private:
    UnixMs last_ = 0;
    std::string text_;
};

std::string evidence_list(const std::vector<audit::Evidence>& evidence, Times& times) {
    std::string out = "[";
    for (const audit::Evidence& item : evidence) {
        out += fmt::format("{}{{\"source\": {}, \"locator\": {}, \"value\": {}, \"read_at\": {}}}", out.size() > 1 ? ", " : "", json::quote(item.source),
                           json::quote(item.locator), json::quote(item.value), times.text(item.read_at));
    }
    return out + "]";
}

std::string result_line(const audit::Result& result, const audit::Control* control, Times& times) {
    const std::string levels = control == nullptr ? "" : fmt::format("{}", fmt::join(control->levels, ", "));
    // Only where a baseline was given, as most reports are not compared.
    const std::string baseline =
        result.novelty == audit::Novelty::not_compared ? "" : fmt::format("\"baseline\": {}, ", json::quote(audit::name(result.novelty)));
    return fmt::format(
        "{{\"control\": {}, \"resource\": {}, \"resource_name\": {}, \"status\": {}, \"reason\": {}, \"layer\": {}, \"severity\": {}, "
        "\"levels\": [{}], {}\"evidence\": {}, \"dimensions\": {}}}",
        json::quote(result.control), json::quote(result.resource), json::quote(result.resource_name), json::quote(audit::name(result.status)),
        json::quote(result.reason), json::quote(result.layer), json::quote(control == nullptr ? "" : control->severity), levels, baseline,
        evidence_list(result.evidence, times), object(result.dimensions));
}

std::string list(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + json::quote(text);
    return out + "]";
}

std::string comparison_or_null(const std::optional<audit::Comparison>& comparison) {
    if (!comparison) return "null";
    return fmt::format(R"({{"file": {}, "as_of": {}, "new_alarms": {}, "known_alarms": {}, "fixed": {}, "skipped": {}, "unclear": {}}})",
                       json::quote(comparison->baseline), time_or_null(comparison->as_of), comparison->new_alarms, comparison->known_alarms, comparison->fixed,
                       comparison->skipped, comparison->unclear);
}

void write_json(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    std::map<std::string_view, const audit::Control*> controls;
    for (const audit::Control& control : audit.controls) controls.emplace(control.id, &control);
    const Counts counts = count(audit.results);
    Times times;

    out << "{\"schema\": \"bulkhead.audit/1\",\n\"tool\": " << object({{"name", "bulkhead"}, {"version", audit.tool_version}})
        << ",\n\"host\": " << object(audit.host) << ",\n\"started_at\": " << time_or_null(audit.started_at) << ",\n\"as_of\": " << time_or_null(audit.as_of)
        << ",\n\"summary\": {";
    const char* separator = "";
    for (const audit::Status status : audit::statuses) {
        out << separator << json::quote(audit::name(status)) << ": " << counts.of(status);
        separator = ", ";
    }
    out << "},\n\"results\": [";
    separator = "\n";
    for (const audit::Result& result : audit.results) {
        const auto control = controls.find(result.control);
        out << separator << result_line(result, control == controls.end() ? nullptr : control->second, times);
        separator = ",\n";
    }
    out << "\n],\n\"blind_spots\": [";
    separator = "\n";
    for (const auto& [locator, reason] : audit.blind_spots) {
        out << separator << object({{"locator", locator}, {"reason", reason}});
        separator = ",\n";
    }
    out << "\n],\n\"notes\": " << list(audit.notes) << ",\n\"baseline\": " << comparison_or_null(audit.comparison);
    out << ",\n\"vanished\": " << audit.vanished << ",\n\"left_out\": " << audit.left_out << "}\n";
}

}  // namespace

Format json() {
    return {.name = "json", .help = "one JSON object for programs, a result a line (schema bulkhead.audit/1)", .write = write_json, .suffixes = {".json"}};
}

}  // namespace bulkhead::report
