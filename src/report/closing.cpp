// SPDX-License-Identifier: Apache-2.0
#include "report/closing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/layout.h"

namespace bulkhead::report {

namespace {

constexpr std::size_t blind_spots_shown_max = 20;  // JSON has them all

std::string comparison_sentence(const audit::Comparison& comparison) {
    std::string sentence = fmt::format("Compared with {}{}: {} new alarm{}, {} known, {} fixed", text::printable(comparison.baseline),
                                       comparison.as_of == 0 ? "" : " (facts of " + rfc3339(comparison.as_of) + ")", comparison.new_alarms,
                                       comparison.new_alarms == 1 ? "" : "s", comparison.known_alarms, comparison.fixed);
    if (comparison.skipped > 0) sentence += fmt::format(", {} skipped now", comparison.skipped);
    if (comparison.unclear > 0) sentence += fmt::format(", {} that cannot be told now", comparison.unclear);
    return sentence + ".";
}

}  // namespace

std::string counts_line(const Counts& counts, const Style& style) {
    std::string line;
    for (const audit::Status status : worst_first) {
        const std::string part = fmt::format("{} {}", counts.of(status), audit::name(status));
        line += (line.empty() ? "" : ", ") + (counts.of(status) > 0 ? style.paint(tone(status), part) : part);
    }
    return line;
}

void write_blind_spots(const audit::Audit& audit, const RenderOptions& options, const Style& style, std::ostream& out) {
    const std::size_t width = std::max<std::size_t>(options.width, 24) - 4;
    if (audit.vanished > 0) {
        const bool one = audit.vanished == 1;
        const std::string sentence =
            fmt::format("{} container{} vanished between listing and reading and {} left out.", audit.vanished, one ? "" : "s", one ? "is" : "are");
        for (const std::string& line : wrap(sentence, width)) out << line << '\n';
    }
    if (audit.left_out > 0) {
        const bool one = audit.left_out == 1;
        const std::string sentence =
            fmt::format("{} control{} cannot judge what was given and {} left out.", audit.left_out, one ? "" : "s", one ? "is" : "are");
        for (const std::string& line : wrap(sentence, width)) out << line << '\n';
    }
    if (audit.comparison) {
        for (const std::string& line : wrap(comparison_sentence(*audit.comparison), width)) out << line << '\n';
    }
    for (const std::string& note : audit.notes) {
        for (const std::string& line : wrap(text::printable(note), width)) out << line << '\n';
    }
    if (audit.blind_spots.empty()) return;
    const std::string title =
        fmt::format("Could not read {} source{}; what rests on them is unknown:", audit.blind_spots.size(), audit.blind_spots.size() == 1 ? "" : "s");
    for (const std::string& line : wrap(title, width)) out << style.paint(Tone::unknown, line) << '\n';
    const std::size_t shown = std::min(audit.blind_spots.size(), blind_spots_shown_max);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& [locator, reason] = audit.blind_spots[i];
        std::string_view indent = "  ";
        for (const std::string& line : wrap(text::printable(locator) + ": " + text::printable(reason), width)) {
            out << indent << line << '\n';
            indent = "    ";
        }
    }
    if (shown < audit.blind_spots.size()) out << fmt::format("  and {} more: --format json lists them all\n", audit.blind_spots.size() - shown);
}

}  // namespace bulkhead::report
