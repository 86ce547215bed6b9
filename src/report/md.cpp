// SPDX-License-Identifier: Apache-2.0
// Markdown for merge requests and wikis of GitHub and GitLab: the score, then what is wrong and what could not be decided, control by
// control, with the remedy. Bounded, for comments there take 64 KiB: what is left out is counted.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/escape.h"
#include "report/format.h"
#include "report/identity.h"
#include "report/verdicts.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t results_a_control_max = 20;
constexpr std::size_t text_bytes_max = 300;
constexpr std::size_t evidence_max = 2;
constexpr std::size_t blind_spots_max = 20;

std::string_view mark(audit::Status status) {
    switch (status) {
        case audit::Status::alarm: return "❌ alarm";
        case audit::Status::error: return "⛔ error";
        case audit::Status::unknown: return "❓ unknown";
        case audit::Status::info: return "ℹ️ info";
        case audit::Status::skip: return "⏭️ skip";
        case audit::Status::ok: break;
    }
    return "✅ ok";
}

// Code in a cell: backquotes inside would end it, and a bar would end the cell.
std::string code(std::string_view raw) { return "<code>" + markdown(shortened(raw, text_bytes_max)) + "</code>"; }

void write_head(const audit::Audit& audit, const std::vector<ControlResults>& controls, std::ostream& out) {
    out << "# bulkhead: " << markdown(one_line(host_name(audit))) << "\n\n";
    for (const auto& [key, value] : audit.host) {
        if (key != "name" && !value.empty()) out << markdown(key) << ' ' << code(value) << ", ";
    }
    out << "facts of " << rfc3339(audit.as_of) << ", bulkhead " << markdown(audit.tool_version) << "\n\n";
    const std::vector<Score> levels = scores(controls);
    if (!levels.empty()) {
        out << "| Level | Score | Controls passed | failed | unclear | not judged |\n|---|---:|---:|---:|---:|---:|\n";
        for (const Score& score : levels) {
            const std::string percent = score.judged() == 0 ? "-" : fmt::format("**{} %**", score.percent());
            out << fmt::format("| {} | {} | {} | {} | {} | {} |\n", score.level, percent, score.of(Verdict::passed), score.of(Verdict::failed),
                               score.of(Verdict::unclear), score.of(Verdict::not_judged));
        }
        out << '\n';
    }
    const Counts counts = count(audit.results);
    std::string names = "|";
    std::string rules = "|";
    std::string numbers = "|";
    for (const audit::Status status : worst_first) {
        names += fmt::format(" {} |", mark(status));
        rules += "---:|";
        numbers += fmt::format(" {} |", counts.of(status));
    }
    out << names << '\n' << rules << '\n' << numbers << "\n\n";
}

void write_row(const audit::Result& result, std::ostream& out) {
    out << "| " << mark(result.status) << " | " << code(name_of(result)) << " | ";
    if (const auto place = place_of(result)) out << code(fmt::format("{}:{}:{}", place->file, place->line, place->column)) << ' ';
    out << markdown(shortened(result.reason, text_bytes_max)) << " | ";
    const std::size_t shown = std::min(result.evidence.size(), evidence_max);
    for (std::size_t i = 0; i < shown; ++i) {
        const audit::Evidence& item = result.evidence[i];
        out << (i > 0 ? "<br>" : "") << code(item.value.empty() ? item.locator : item.locator + " = " + item.value);
    }
    if (shown < result.evidence.size()) out << fmt::format("<br>and {} more", result.evidence.size() - shown);
    out << " |\n";
}

void write_control(const ControlResults& each, std::ostream& out) {
    std::vector<const audit::Result*> shown;
    std::ranges::copy_if(each.results, std::back_inserter(shown), [](const audit::Result* result) { return result->status >= audit::Status::unknown; });
    if (shown.empty()) return;
    std::ranges::stable_sort(shown, {}, [](const audit::Result* result) { return rank(result->status); });
    const audit::Control& control = *each.control;
    out << "### " << markdown(control.id) << ' ' << markdown(one_line(control.title)) << "\n\n"
        << markdown(control.severity) << ", " << each.counts.bad() << " of " << each.counts.total() << " bad\n\n"
        << "| Status | Resource | Reason | Evidence |\n|---|---|---|---|\n";
    const std::size_t written = std::min(shown.size(), results_a_control_max);
    for (std::size_t i = 0; i < written; ++i) write_row(*shown[i], out);
    if (written < shown.size()) out << fmt::format("\nand {} more: `--export FILE.json` has them all\n", shown.size() - written);
    if (!control.remediation.empty()) out << "\n> " << markdown_prose(control.remediation) << '\n';
    out << '\n';
}

void write_md(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    const std::vector<ControlResults> controls = by_control(audit);
    write_head(audit, controls, out);
    for (const ControlResults& each : controls) write_control(each, out);
    if (!audit.blind_spots.empty()) out << "## Could not be read\n\nWhat rests on these is unknown.\n\n";
    const std::size_t shown = std::min(audit.blind_spots.size(), blind_spots_max);
    for (std::size_t i = 0; i < shown; ++i) out << "- " << code(audit.blind_spots[i].first) << ' ' << markdown(audit.blind_spots[i].second) << '\n';
    if (shown < audit.blind_spots.size()) out << fmt::format("- and {} more\n", audit.blind_spots.size() - shown);
    if (audit.vanished > 0) out << fmt::format("\n{} containers vanished while the audit ran.\n", audit.vanished);
    if (audit.left_out > 0) out << fmt::format("\n{} controls cannot judge what was given and are left out.\n", audit.left_out);
}

}  // namespace

Format md() { return {.name = "md", .help = "Markdown: score, alarms and unknowns with remedies", .write = write_md, .suffixes = {".md"}}; }

}  // namespace bulkhead::report
