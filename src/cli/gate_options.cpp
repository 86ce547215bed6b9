// SPDX-License-Identifier: Apache-2.0
#include "cli/gate_options.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/identity.h"

namespace bulkhead::cli {

namespace {

// "FILE:LINE:COLUMN: " of what stands in a build file, as compilers say it.
std::string shown_place(const audit::Result& result) {
    const auto place = report::place_of(result);
    return place ? fmt::format("{}:{}:{}: ", place->file, place->line, place->column) : std::string();
}

}  // namespace

void add_gate_options(CLI::App& app, GateOptions& options) {
    app.add_option("--exceptions", options.exceptions, "YAML file of alarms that somebody answers for until a day (may be repeated; docs/ci.md)")
        ->allow_extra_args(false);
    app.add_option("--baseline", options.baseline, "an earlier report (--format json) or snapshot: what it knows already does not fail");
    app.add_option("--fail-on", options.fail_on,
                   "what makes exit code 1: alarm (as without this), unknown, severity>=high, level<=1, new (needs --baseline), never; comma list, any of them")
        ->allow_extra_args(false)
        ->delimiter(',');
    app.add_flag("--quiet", options.quiet, "in place of the report a line for each result that fails; files are written all the same");
}

bulkhead::Result<FailOn> fail_on_of(const GateOptions& options) {
    auto fail_on = parse_fail_on(options.fail_on);
    if (fail_on && fail_on->is_new && options.baseline.empty())
        return fail(Code::invalid_input, "--fail-on new needs --baseline FILE: an earlier report (--format json) or snapshot");
    return fail_on;
}

std::string failing_lines(const audit::Audit& audit, const FailOn& fail_on) {
    std::string out;
    for (const audit::Result* result : failing(audit, fail_on)) {
        out += fmt::format("{}{} {} {}: {}\n", text::printable(shown_place(*result)), name(result->status), text::printable(result->control),
                           text::printable(report::name_of(*result)), text::printable(result->reason));
    }
    return out;
}

}  // namespace bulkhead::cli
