// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (OASIS standard, sections cited below), for code scanning of GitHub and others. A result for each alarm (kind fail) and
// each unknown (kind open: it could not be decided, 3.27.9); a control that could not be evaluated is a notification of the tool. What
// is ok, info or skip would be shown there as an alert, and is only counted.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "base/json.h"
#include "report/counts.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/identity.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t results_max = 25'000;  // GitHub refuses files with more results in a run
constexpr std::size_t evidence_max = 8;      // pieces of one result
constexpr std::size_t value_bytes_max = 400;

std::string_view level(std::string_view severity) {
    switch (severity_rank(severity)) {
        case 4:
        case 3: return "error";
        case 1: return "note";
        default: return "warning";
    }
}

// What GitHub sorts alerts by: over 9.0 is critical there, over 7.0 high, over 4.0 medium.
std::string_view security_severity(std::string_view severity) {
    constexpr std::string_view numbers[] = {"5.0", "3.0", "5.5", "8.0", "9.5"};
    return numbers[severity_rank(severity)];
}

std::string text_object(std::string_view text) { return fmt::format("{{\"text\": {}}}", json::quote(text)); }

std::string rule(const audit::Control& control) {
    std::string tags = "\"security\"";
    for (const std::string& tag : control.tags) tags += ", " + json::quote(tag);
    for (const int number : control.levels) tags += fmt::format(", \"level={}\"", number);
    std::string out = fmt::format("{{\"id\": {}, \"shortDescription\": {}", json::quote(control.id), text_object(one_line(control.title)));
    if (!control.description.empty()) out += ", \"fullDescription\": " + text_object(control.description);
    // Both forms of help are required of whoever gives one (3.49.13); the remedies are written so that they read as either.
    const std::string help = control.rationale + (control.rationale.empty() ? "" : "\n") + control.remediation;
    if (!help.empty()) out += fmt::format(", \"help\": {{\"text\": {0}, \"markdown\": {0}}}", json::quote(help));
    const auto link = std::ranges::find_if(control.references, [](const std::string& reference) { return reference.starts_with("https://"); });
    if (link != control.references.end() && link->find_first_of(" \"<>\\^`{|}") == std::string::npos) out += ", \"helpUri\": " + json::quote(*link);
    out += fmt::format(", \"defaultConfiguration\": {{\"level\": \"{}\"}}", level(control.severity));
    return out + fmt::format(", \"properties\": {{\"tags\": [{}], \"severity\": {}, \"security-severity\": \"{}\", \"precision\": \"very-high\"}}}}", tags,
                             json::quote(control.severity), security_severity(control.severity));
}

// An absolute path is a file URI, any other one relative to where the reader's checkout is (3.4.3).
std::string uri(const std::string& path) { return (path.starts_with('/') ? "file://" : "") + uri_path(path); }

std::string location(const audit::Audit& audit, const audit::Result& result) {
    const auto place = place_of(result);
    // Code scanning wants a line of a file for everything; a resource of an engine is shown as a file of its name, which nobody opens.
    const std::string region = place ? fmt::format("{{\"startLine\": {}, \"startColumn\": {}}}", place->line, place->column) : "{\"startLine\": 1}";
    return fmt::format(
        "{{\"physicalLocation\": {{\"artifactLocation\": {{\"uri\": {}}}, \"region\": {}}}, \"logicalLocations\": [{{\"name\": {}, \"fullyQualifiedName\": {}, "
        "\"kind\": \"resource\"}}]}}",
        json::quote(uri(path_of(audit, result))), region, json::quote(one_line(name_of(result))),
        json::quote(one_line(host_name(audit) + "/" + name_of(result))));
}

std::string evidence_list(const audit::Result& result) {
    std::string out = "[";
    const std::size_t shown = std::min(result.evidence.size(), evidence_max);
    for (std::size_t i = 0; i < shown; ++i) {
        const audit::Evidence& item = result.evidence[i];
        out += fmt::format("{}{{\"locator\": {}, \"value\": {}}}", i > 0 ? ", " : "", json::quote(item.locator),
                           json::quote(shortened(item.value, value_bytes_max)));
    }
    return out + "]";
}

// 3.27.24; only where a baseline was given.
std::string_view baseline_state(audit::Novelty novelty) {
    switch (novelty) {
        case audit::Novelty::not_compared: return "";
        case audit::Novelty::is_new: return ", \"baselineState\": \"new\"";
        case audit::Novelty::known: return ", \"baselineState\": \"unchanged\"";
    }
    return "";
}

class Sarif {
  public:
    Sarif(const audit::Audit& audit, std::ostream& out) : audit_(audit), out_(out) {
        for (std::size_t i = 0; i < audit.controls.size(); ++i) rules_.emplace(audit.controls[i].id, i);
    }

    void write() {
        out_ << "{\"$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n\"version\": \"2.1.0\",\n"
             << "\"runs\": [{\n\"tool\": {\"driver\": {\"name\": \"bulkhead\", \"version\": " << json::quote(audit_.tool_version) << ", \"rules\": [";
        const char* separator = "\n";
        for (const audit::Control& control : audit_.controls) {
            out_ << separator << rule(control);
            separator = ",\n";
        }
        out_ << "\n]}},\n\"automationDetails\": {\"id\": " << json::quote("bulkhead/" + one_line(host_name(audit_)) + "/") << "},\n";
        write_results();
        write_invocation();
        write_counts();
        out_ << "}]}\n";
    }

  private:
    [[nodiscard]] std::string rule_of(const audit::Result& result) const {
        const auto found = rules_.find(result.control);
        const std::string index = found == rules_.end() ? "" : fmt::format(", \"ruleIndex\": {}", found->second);
        return fmt::format("\"ruleId\": {}{}", json::quote(result.control), index);
    }

    void write_results() {
        // The worst first: where results are cut, what is left out weighs least.
        std::vector<std::pair<const audit::Result*, std::string>> shown;
        Fingerprints fingerprints;
        for (const audit::Result& result : audit_.results) {
            if (result.status == audit::Status::alarm || result.status == audit::Status::unknown) shown.emplace_back(&result, fingerprints.next(result));
        }
        if (shown.size() > results_max) {
            std::ranges::stable_sort(shown, [](const auto& a, const auto& b) { return rank(a.first->status) < rank(b.first->status); });
            left_out_ = shown.size() - results_max;
            shown.resize(results_max);
        }
        out_ << "\"results\": [";
        const char* separator = "\n";
        for (const auto& [result, fingerprint] : shown) {
            write_result(separator, *result, fingerprint);
            separator = ",\n";
        }
        out_ << "\n],\n";
    }

    void write_result(const char* separator, const audit::Result& result, const std::string& fingerprint) {
        const auto found = rules_.find(result.control);
        const bool alarm = result.status == audit::Status::alarm;
        const std::string_view severity = found == rules_.end() ? "" : std::string_view(audit_.controls[found->second].severity);
        const std::string text = one_line(name_of(result)) + ": " + (alarm ? "" : "could not be decided: ") + one_line(result.reason);
        out_ << separator << '{' << rule_of(result) << ", \"kind\": \"" << (alarm ? "fail" : "open") << "\", \"level\": \""
             << (alarm ? level(severity) : "none") << '"' << baseline_state(result.novelty) << ", \"message\": " << text_object(text) << ", \"locations\": ["
             << location(audit_, result) << "], \"partialFingerprints\": {\"controlAndResource/v1\": \"" << fingerprint << "\", \"primaryLocationLineHash\": \""
             << fingerprint << ":1\"}, \"properties\": {\"status\": \"" << audit::name(result.status) << "\", \"layer\": " << json::quote(result.layer)
             << ", \"evidence\": " << evidence_list(result) << ", \"evidenceCount\": " << result.evidence.size() << "}}";
    }

    void write_notification(const char*& separator, std::string_view rule, std::string_view text) {
        out_ << separator << "{\"level\": \"error\", \"message\": " << text_object(text)
             << (rule.empty() ? "" : ", \"associatedRule\": {\"id\": " + json::quote(rule) + "}") << '}';
        separator = ",\n";
    }

    // 3.20: what the run could not do. A source that could not be read is no failure of the tool, and told as a warning.
    void write_invocation() {
        const std::size_t errors = count(audit_.results).of(audit::Status::error);
        out_ << "\"invocations\": [{\"executionSuccessful\": " << (errors == 0 ? "true" : "false")
             << (audit_.started_at == 0 ? "" : ", \"startTimeUtc\": " + json::quote(rfc3339(audit_.started_at))) << ", \"toolExecutionNotifications\": [";
        const char* separator = "\n";
        for (const audit::Result& result : audit_.results) {
            if (result.status == audit::Status::error)
                write_notification(separator, result.control, one_line(name_of(result)) + ": " + one_line(result.reason));
        }
        for (const auto& [locator, reason] : audit_.blind_spots) {
            out_ << separator << "{\"level\": \"warning\", \"message\": " << text_object("could not read " + one_line(locator) + ": " + one_line(reason))
                 << '}';
            separator = ",\n";
        }
        if (left_out_ > 0) {
            out_ << separator << "{\"level\": \"warning\", \"message\": "
                 << text_object(fmt::format("{} more results are left out: {} are the most that code scanning takes", left_out_, results_max)) << '}';
        }
        out_ << "]}],\n";
    }

    void write_counts() {
        const Counts counts = count(audit_.results);
        out_ << "\"properties\": {\"as_of\": " << json::quote(rfc3339(audit_.as_of)) << ", \"counts\": {";
        const char* separator = "";
        for (const audit::Status status : worst_first) {
            out_ << separator << '"' << audit::name(status) << "\": " << counts.of(status);
            separator = ", ";
        }
        out_ << "}}\n";
    }

    const audit::Audit& audit_;
    std::ostream& out_;
    std::map<std::string_view, std::size_t> rules_;
    std::size_t left_out_ = 0;
};

void write_sarif(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) { Sarif(audit, out).write(); }

}  // namespace

Format sarif() {
    return {.name = "sarif", .help = "SARIF 2.1.0: alarms and unknowns for code scanning", .write = write_sarif, .suffixes = {".sarif", ".sarif.json"}};
}

}  // namespace bulkhead::report
