// SPDX-License-Identifier: Apache-2.0
// One page for people, whole in one file: score of each level, charts, and every control down to its evidence. Works without network, without
// script and on paper; the page's policy lets nothing run but our own script, whatever a container calls itself.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/escape.h"
#include "report/format.h"
#include "report/html_assets.h"
#include "report/html_charts.h"
#include "report/html_results.h"
#include "report/identity.h"
#include "report/verdicts.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t ranked_resources_max = 10;
constexpr std::size_t blind_spots_max = 200;

void write_head(const audit::Audit& audit, std::ostream& out) {
    const std::string name = markup(host_name(audit));
    out << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "style-src '"
        << content_hash(html_style) << "'; script-src '" << content_hash(html_script) << "'; base-uri 'none'; form-action 'none'\"/>\n"
        << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><meta name=\"referrer\" content=\"no-referrer\"/>\n<title>bulkhead: "
        << name << "</title><style>" << html_style << "</style></head>\n<body><header><h1><bdi>" << name << "</bdi></h1><p class=\"facts\">";
    for (const auto& [key, value] : audit.host) {
        if (key == "name" || value.empty()) continue;
        std::string label = key;
        std::ranges::replace(label, '_', ' ');
        out << markup(label) << " <b>" << markup(value) << "</b> · ";
    }
    out << "facts of <b>" << rfc3339(audit.as_of) << "</b> · bulkhead <b>" << markup(audit.tool_version) << "</b></p></header>\n<main>\n";
}

void write_scores(const std::vector<ControlResults>& controls, std::ostream& out) {
    out << "<section class=\"cards\">\n";
    for (const Score& score : scores(controls)) {
        out << "<div class=\"card score\">" << donut(score) << "<p><strong>Level " << score.level << "</strong>" << score.of(Verdict::passed) << " of "
            << score.judged() << " controls passed<br/>" << score.of(Verdict::failed) << " failed, " << score.of(Verdict::unclear) << " unclear, "
            << score.of(Verdict::not_judged) << " not judged</p></div>\n";
    }
    out << "</section>\n";
}

void write_statuses(const audit::Audit& audit, std::ostream& out) {
    const Counts counts = count(audit.results);
    out << "<section class=\"cards\"><div class=\"card\"><h2>" << counts.total() << " results of " << audit.controls.size() << " controls</h2>"
        << status_bar(counts) << "<ul class=\"legend\">";
    for (const audit::Status status : worst_first) {
        out << "<li><span class=\"dot " << audit::name(status) << "\"></span>" << audit::name(status) << " <b>" << counts.of(status) << "</b></li>";
    }
    out << "</ul></div></section>\n";
}

void write_ranks(const std::vector<ControlResults>& controls, std::ostream& out) {
    std::vector<std::pair<std::string, std::size_t>> severities = {{"critical", 0}, {"high", 0}, {"medium", 0}, {"low", 0}};
    std::map<std::string, std::size_t> by_resource;
    for (const ControlResults& each : controls) {
        const int rank = severity_rank(each.control->severity);
        if (rank > 0) severities[severities.size() - static_cast<std::size_t>(rank)].second += each.counts.of(audit::Status::alarm);
        for (const audit::Result* result : each.results) {
            if (result->status == audit::Status::alarm) ++by_resource[name_of(*result)];
        }
    }
    std::vector<std::pair<std::string, std::size_t>> resources(by_resource.begin(), by_resource.end());
    std::ranges::stable_sort(resources, std::greater<>(), &std::pair<std::string, std::size_t>::second);
    if (resources.size() > ranked_resources_max) resources.resize(ranked_resources_max);
    out << "<section class=\"cards\"><div class=\"card\"><h2>Alarms by severity</h2>" << ranks(severities, "alarm") << "</div>";
    if (!resources.empty()) out << "<div class=\"card\"><h2>Most alarms</h2>" << ranks(resources, "alarm") << "</div>";
    out << "</section>\n";
}

// Shown by the script: without it there is nothing to filter with.
void write_filter(std::ostream& out) {
    out << "<form id=\"filter\" hidden=\"hidden\">";
    for (const audit::Status status : worst_first) {
        out << "<label><input type=\"checkbox\" value=\"" << audit::name(status) << "\" checked=\"checked\"/> " << audit::name(status) << "</label>";
    }
    out << "<select name=\"severity\" aria-label=\"Severity\"><option value=\"\">any severity</option>";
    for (const std::string_view severity : {"critical", "high", "medium", "low"}) out << "<option>" << severity << "</option>";
    out << "</select><input type=\"search\" name=\"words\" placeholder=\"control, resource or reason\" aria-label=\"Words\"/>"
        << "<button type=\"button\" name=\"unfold\">open what is bad</button><button type=\"button\" name=\"fold\">close all</button>"
        << "<button type=\"button\" name=\"reset\">reset</button><span id=\"shown\" aria-live=\"polite\"></span></form>\n";
}

void write_blind_spots(const audit::Audit& audit, std::ostream& out) {
    if (audit.blind_spots.empty() && audit.vanished == 0 && audit.left_out == 0) return;
    out << "<section class=\"cards\"><div class=\"card blind\"><h2>What was not seen</h2>";
    if (audit.vanished > 0) out << "<p>" << audit.vanished << " containers vanished while the audit ran.</p>";
    if (audit.left_out > 0) out << "<p>" << audit.left_out << " controls cannot judge what was given and are left out.</p>";
    if (!audit.blind_spots.empty()) {
        out << "<details><summary>" << audit.blind_spots.size() << " sources could not be read; what rests on them is unknown</summary><ul>";
        const std::size_t shown = std::min(audit.blind_spots.size(), blind_spots_max);
        for (std::size_t i = 0; i < shown; ++i) {
            out << "<li><code>" << markup(audit.blind_spots[i].first) << "</code> " << markup(audit.blind_spots[i].second) << "</li>";
        }
        if (shown < audit.blind_spots.size()) out << "<li>and " << audit.blind_spots.size() - shown << " more: the json report has them all</li>";
        out << "</ul></details>";
    }
    out << "</div></section>\n";
}

void write_html(const audit::Audit& audit, const RenderOptions& /*options*/, std::ostream& out) {
    const std::vector<ControlResults> controls = by_control(audit);
    write_head(audit, out);
    write_scores(controls, out);
    write_statuses(audit, out);
    write_ranks(controls, out);
    write_blind_spots(audit, out);
    write_filter(out);
    out << "<section id=\"tree\">\n";
    write_html_tree(audit, tree(audit), out);
    out << "</section></main>\n<footer>A score counts controls: passed is one with nothing alarming and nothing unknown. What was only info or skip was not "
           "judged.<p class=\"paper\">Paper has what is bad or unclear; what passed is folded, as the numbers beside each control tell.</p></footer>\n<script>"
        << html_script << "</script></body></html>\n";
}

}  // namespace

Format html() {
    return {.name = "html", .help = "one self-contained page for people, with charts and evidence", .write = write_html, .suffixes = {".html", ".htm"}};
}

}  // namespace bulkhead::report
