// SPDX-License-Identifier: Apache-2.0
#include "audit/inline_ignores.h"

#include <fmt/format.h>

#include "base/text.h"
#include "build/build_files.h"

namespace bulkhead::audit {

namespace {

std::string dimension(const Result& result, std::string_view name) {
    for (const auto& [key, value] : result.dimensions) {
        if (key == name) return value;
    }
    return {};
}

bool is_for(const build::Ignore& ignore, const std::string& control, const Result& result) {
    if (result.control != control || dimension(result, "file") != ignore.file) return false;
    const auto line = text::to_integer(dimension(result, "line"));
    return line && *line >= ignore.from_line && *line <= ignore.to_line;
}

void apply(const build::Ignore& ignore, const std::string& today, bool refused, Result& result) {
    const std::string place = build::text_of(ignore.file, ignore.at);
    if (refused) {
        result.reason += fmt::format(" The ignore at {} is refused (--no-inline-ignores).", place);
    } else if (today > ignore.expires) {
        result.status = Status::alarm;
        result.reason += fmt::format(" The ignore at {} expired on {}: {}", place, ignore.expires, ignore.reason);
    } else {
        result.reason = fmt::format("Ignored until {}: {} ({}: {})", ignore.expires, ignore.reason, name(result.status), result.reason);
        result.status = Status::skip;
    }
}

}  // namespace

bulkhead::Result<void> apply_ignores(std::vector<Result>& results, const Catalog& catalog, tables::Facts& facts) {
    if (!facts.build().input().any()) return {};
    const auto ignores = facts.build().ignores();
    if (!ignores) return std::unexpected(ignores.error());
    const std::string today = rfc3339(facts.world.as_of()).substr(0, 10);
    for (const build::Ignore& ignore : *ignores) {
        const Control* control = catalog.find_control(ignore.control);
        if (control == nullptr)
            return fail(Code::invalid_input,
                        fmt::format("{}: there is no control {} to ignore", build::text_of(ignore.file, ignore.at), text::printable(ignore.control)));
        for (Result& result : results) {
            if (result.status != Status::alarm && result.status != Status::info) continue;
            if (is_for(ignore, control->id, result)) apply(ignore, today, facts.build().input().refuse_ignores, result);
        }
    }
    return {};
}

}  // namespace bulkhead::audit
