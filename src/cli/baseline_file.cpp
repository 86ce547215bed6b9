// SPDX-License-Identifier: Apache-2.0
#include "cli/baseline_file.h"

#include <fmt/format.h>

#include <fstream>

#include "audit/input_file.h"
#include "base/text.h"
#include "cli/session.h"

namespace bulkhead::cli {

namespace {

constexpr std::string_view sqlite_header("SQLite format 3\0", 16);  // https://www.sqlite.org/fileformat.html, 1.3.1

bool is_snapshot(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string start(sqlite_header.size(), '\0');
    stream.read(start.data(), static_cast<std::streamsize>(start.size()));
    return stream.gcount() == static_cast<std::streamsize>(start.size()) && start == sqlite_header;
}

}  // namespace

bulkhead::Result<std::optional<audit::Baseline>> baseline_of(const AuditOptions& options, const GlobalOptions& global, const audit::Catalog& catalog,
                                                             const sql::Settings& settings, const std::vector<tables::Attestation>& attestations) {
    const std::string& path = options.gate.baseline;
    if (path.empty()) return std::nullopt;
    if (!is_snapshot(path)) {
        const auto bytes = audit::read_input_file(path, "the baseline", audit::baseline_bytes_max);
        if (!bytes) return std::unexpected(bytes.error());
        const std::size_t start = bytes->find_first_not_of(" \t\r\n");
        if (start == std::string::npos || (*bytes)[start] != '{')
            return fail(Code::invalid_input, fmt::format("{}: a baseline is a report (bulkhead audit --format json) or a snapshot", text::printable(path)));
        return audit::parse_baseline(*bytes, path);
    }
    GlobalOptions there = global;
    there.from = path;
    there.host.clear();
    there.image.clear();
    auto session = Session::open(
        there, {.show_values = options.show_values, .build = build_input(options.build), .engine = options.selection.engine, .use = sql::Database::Use::audit});
    if (!session) return std::unexpected(session.error());
    (*session)->database().use_settings(settings);
    (*session)->bring(attestations);
    const auto audited = audit::run(catalog, (*session)->database(), (*session)->facts(), options.selection, {});
    if (!audited) return std::unexpected(audited.error().in("the baseline " + path));
    return audit::baseline_from(*audited, path);
}

}  // namespace bulkhead::cli
