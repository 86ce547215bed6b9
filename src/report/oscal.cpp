// SPDX-License-Identifier: Apache-2.0
// OSCAL assessment results 1.1.3 in JSON (NIST). A finding for each control that was judged, an observation for each result that is not good
// with its evidence, and one for all of a control that share another status. Ids are made from names, so that reports can be compared.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/json.h"
#include "report/escape.h"
#include "report/format.h"
#include "report/identity.h"
#include "report/verdicts.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t observations_a_control_max = 200;  // of single results; the rest is counted in the finding
constexpr std::size_t subjects_max = 1000;               // of one observation
constexpr std::size_t evidence_max = 8;
constexpr std::size_t value_bytes_max = 400;
constexpr std::string_view prop_ns = "urn:bulkhead:oscal";

// Ids of controls are NCNames in OSCAL; those of a user's own files may be anything.
std::string token(std::string_view id) {
    std::string out;
    for (const char c : id) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        out += plain ? c : '_';
    }
    if (out.empty() || !((out[0] >= 'a' && out[0] <= 'z') || (out[0] >= 'A' && out[0] <= 'Z'))) out.insert(0, 1, '_');
    return out;
}

std::string prop(std::string_view name, std::string_view value) {
    return fmt::format("{{\"name\": \"{}\", \"ns\": \"{}\", \"value\": {}}}", name, prop_ns, json::quote(one_line(value)));
}

class Oscal {
  public:
    Oscal(const audit::Audit& audit, std::ostream& out) : audit_(audit), out_(out), host_(one_line(host_name(audit))), collected_(rfc3339(audit.as_of)) {}

    void write() {
        const std::string plan = uuid_of("plan");
        out_ << "{\"assessment-results\": {\"uuid\": \"" << uuid_of("report\n" + host_ + "\n" + collected_)
             << "\",\n\"metadata\": {\"title\": " << json::quote("bulkhead audit of " + host_) << ", \"last-modified\": \"" << collected_
             << "\", \"version\": " << json::quote(collected_) << ", \"oscal-version\": \"1.1.3\", \"props\": [" << prop("tool-version", audit_.tool_version)
             << "]},\n\"import-ap\": {\"href\": \"#" << plan << "\"},\n\"results\": [{\"uuid\": \"" << uuid_of("result\n" + host_ + "\n" + collected_)
             << "\", \"title\": " << json::quote("Audit of " + host_)
             << ", \"description\": \"What the controls of bulkhead found, with the evidence each verdict rests on.\", \"start\": \"" << collected_ << "\",\n";
        write_inventory();
        write_reviewed();
        const std::vector<ControlResults> controls = by_control(audit_);
        write_observations(controls);
        write_findings(controls);
        write_blind_spots();
        out_ << "}],\n\"back-matter\": {\"resources\": [{\"uuid\": \"" << plan
             << "\", \"title\": \"No assessment plan\", \"description\": \"The controls of the program are the plan: bulkhead list, bulkhead explain.\"}]}}}\n";
    }

  private:
    const std::string& subject_uuid(const audit::Result& result) const { return subjects_.at(path_of(audit_, result)); }

    void write_inventory() {
        for (const audit::Result& result : audit_.results) {
            const auto [item, first] = subjects_.try_emplace(path_of(audit_, result));
            if (first) item->second = uuid_of("subject\n" + item->first);
        }
        if (subjects_.empty()) return;
        out_ << "\"local-definitions\": {\"inventory-items\": [";
        const char* separator = "\n";
        for (const auto& [path, uuid] : subjects_) {
            out_ << separator << "{\"uuid\": \"" << uuid << "\", \"description\": " << json::quote(one_line(path)) << '}';
            separator = ",\n";
        }
        out_ << "]},\n";
    }

    void write_reviewed() {
        out_ << "\"reviewed-controls\": {\"control-selections\": [{";
        std::set<std::string> tokens;
        for (const audit::Control& control : audit_.controls) tokens.insert(token(control.id));
        if (tokens.empty()) {
            out_ << "\"description\": \"No control was selected.\"";
        } else {
            out_ << "\"include-controls\": [";
            const char* separator = "";
            for (const std::string& id : tokens) {
                out_ << separator << "{\"control-id\": \"" << id << "\"}";
                separator = ", ";
            }
            out_ << ']';
        }
        out_ << "}]}";
    }

    void open_observation(const std::string& uuid, std::string_view control, std::string_view status, std::string_view description) {
        out_ << (observed_++ == 0 ? ",\n\"observations\": [\n" : ",\n") << "{\"uuid\": \"" << uuid << "\", \"title\": " << json::quote(one_line(control))
             << ", \"description\": " << json::quote(one_line(description)) << ", \"props\": [" << prop("status", status)
             << "], \"methods\": [\"TEST\"], \"subjects\": [";
    }

    std::string subject(const audit::Result& result) const {
        return fmt::format("{{\"subject-uuid\": \"{}\", \"type\": \"inventory-item\", \"title\": {}}}", subject_uuid(result),
                           json::quote(one_line(name_of(result))));
    }

    void write_single(const audit::Result& result, const std::string& uuid) {
        open_observation(uuid, result.control, audit::name(result.status), result.reason);
        out_ << subject(result) << ']';
        const std::size_t shown = std::min(result.evidence.size(), evidence_max);
        for (std::size_t i = 0; i < shown; ++i) {
            const audit::Evidence& item = result.evidence[i];
            const std::string text = item.value.empty() ? item.locator : item.locator + " = " + shortened(item.value, value_bytes_max);
            out_ << (i == 0 ? ", \"relevant-evidence\": [" : ", ") << "{\"description\": " << json::quote(one_line(text)) << '}';
        }
        if (shown > 0) out_ << ']';
        if (shown < result.evidence.size()) out_ << fmt::format(", \"remarks\": \"{} more pieces of evidence are left out\"", result.evidence.size() - shown);
        out_ << ", \"collected\": \"" << collected_ << "\"}";
    }

    void write_together(const ControlResults& each, audit::Status status, const std::string& uuid) {
        const std::size_t number = each.counts.of(status);
        open_observation(uuid, each.control->id, audit::name(status), fmt::format("{} of {} results are {}", number, each.counts.total(), audit::name(status)));
        std::size_t shown = 0;
        std::set<std::string_view> seen;
        for (const audit::Result* result : each.results) {
            if (result->status != status || shown == subjects_max || !seen.insert(subject_uuid(*result)).second) continue;
            out_ << (shown++ == 0 ? "" : ", ") << subject(*result);
        }
        out_ << ']';
        if (number > shown) out_ << fmt::format(", \"remarks\": \"{} results are about {} subjects shown\"", number, shown);
        out_ << ", \"collected\": \"" << collected_ << "\"}";
    }

    void write_observations(const std::vector<ControlResults>& controls) {
        Fingerprints fingerprints;
        for (const ControlResults& each : controls) {
            std::vector<std::string>& related = observations_[each.control];
            for (const audit::Result* result : each.results) {
                if (result->status < audit::Status::unknown) continue;
                const std::string fingerprint = fingerprints.next(*result);
                if (related.size() == observations_a_control_max) continue;
                related.push_back(uuid_of("observation\n" + host_ + "\n" + fingerprint));
                write_single(*result, related.back());
            }
            for (const audit::Status status : {audit::Status::info, audit::Status::skip, audit::Status::ok}) {
                if (each.counts.of(status) == 0) continue;
                related.push_back(uuid_of(fmt::format("observation\n{}\n{}\n{}", host_, each.control->id, audit::name(status))));
                write_together(each, status, related.back());
            }
        }
        if (observed_ > 0) out_ << "\n]";
    }

    // Only satisfied and not-satisfied exist; what is unclear is not satisfied, for another reason than a failure.
    void write_findings(const std::vector<ControlResults>& controls) {
        std::size_t written = 0;
        for (const ControlResults& each : controls) {
            const Verdict verdict = each.verdict();
            if (verdict == Verdict::not_judged) continue;
            const std::string id = token(each.control->id);
            const std::string_view reason = verdict == Verdict::passed ? "pass" : verdict == Verdict::failed ? "fail" : "other";
            std::string counts;
            for (const audit::Status status : worst_first) {
                if (each.counts.of(status) > 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", each.counts.of(status), audit::name(status));
            }
            out_ << (written++ == 0 ? ",\n\"findings\": [\n" : ",\n") << "{\"uuid\": \"" << uuid_of("finding\n" + host_ + "\n" + each.control->id)
                 << "\", \"title\": " << json::quote(one_line(each.control->title)) << ", \"description\": " << json::quote(counts) << ", \"props\": ["
                 << prop("severity", each.control->severity) << "], \"target\": {\"type\": \"objective-id\", \"target-id\": \"" << id
                 << "\", \"status\": {\"state\": \"" << (verdict == Verdict::passed ? "satisfied" : "not-satisfied") << "\", \"reason\": \"" << reason
                 << "\"}}, \"related-observations\": [";
            const char* separator = "";
            for (const std::string& uuid : observations_[each.control]) {
                out_ << separator << "{\"observation-uuid\": \"" << uuid << "\"}";
                separator = ", ";
            }
            out_ << "], \"remarks\": " << json::quote(one_line(each.control->remediation)) << '}';
        }
        if (written > 0) out_ << "\n]";
    }

    void write_blind_spots() {
        if (audit_.blind_spots.empty()) return;
        std::string text = "Could not be read, and what rests on it is unknown:";
        for (const auto& [locator, reason] : audit_.blind_spots) text += fmt::format("\n- {}: {}", one_line(locator), one_line(reason));
        out_ << ",\n\"remarks\": " << json::quote(text);
    }

    const audit::Audit& audit_;
    std::ostream& out_;
    std::string host_;
    std::string collected_;
    std::map<std::string, std::string> subjects_;  // path -> its id
    std::map<const audit::Control*, std::vector<std::string>> observations_;
    std::size_t observed_ = 0;
};

void write_oscal(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) { Oscal(audit, out).write(); }

}  // namespace

Format oscal() { return {.name = "oscal", .help = "OSCAL 1.1.3 assessment results, for compliance tools", .write = write_oscal, .suffixes = {".oscal.json"}}; }

}  // namespace bulkhead::report
