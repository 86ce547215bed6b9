// SPDX-License-Identifier: Apache-2.0
// The short format for people and logs: a line for each alarm, error and unknown, then the counts. Lines are never wrapped, so that
// grep and sort work on them.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/closing.h"
#include "report/format.h"
#include "report/identity.h"
#include "report/layout.h"

namespace bulkhead::report {

namespace {

// As compilers say it: editors and CI make a link of that.
std::string shown_place(const audit::Result& result) {
    const auto place = place_of(result);
    return place ? fmt::format("{}:{}:{}: ", place->file, place->line, place->column) : std::string();
}

void write_brief(const audit::Audit& audit, const RenderOptions& options, std::ostream& out) {
    const Style style(options);
    std::vector<const audit::Result*> shown;
    std::size_t control_columns = 0;
    for (const audit::Result& result : audit.results) {
        if (rank(result.status) > rank(audit::Status::unknown)) continue;
        shown.push_back(&result);
        control_columns = std::max(control_columns, text::display_width(text::printable(result.control)));
    }
    std::ranges::stable_sort(shown, {}, [](const audit::Result* result) { return rank(result->status); });
    for (const audit::Result* result : shown) {
        out << style.label(result->status) << ' ' << pad(text::printable(result->control), control_columns) << "  " << text::printable(shown_place(*result))
            << style.paint(Tone::strong, text::printable(name_of(*result))) << (result->novelty == audit::Novelty::is_new ? " (new): " : ": ")
            << text::printable(result->reason) << '\n';
    }
    out << counts_line(count(audit.results), style) << '\n';
    write_blind_spots(audit, options, style, out);
}

}  // namespace

Format brief() { return {.name = "brief", .help = "a line for each alarm, error and unknown, then the counts", .write = write_brief}; }

}  // namespace bulkhead::report
