// SPDX-License-Identifier: Apache-2.0
// `--export`: the same evaluation written to many files, each in its own format, each whole or not at all. One file that cannot be
// written takes nothing from the others.
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output_file.h"
#include "report/format.h"

namespace bulkhead::cli {

inline constexpr std::size_t exports_max = 12;  // files under way at once: cli/interrupt.h holds 16

void add_export_option(CLI::App& app, std::vector<std::string>& wanted);

// FORMAT:FILE, or FILE whose name ends as the format's files do (the longest ending counts: a.junit.xml is junit).
struct ExportTarget {
    std::string format;
    std::string path;
};
// invalid_input: no format has that ending; the error names those there are.
Result<ExportTarget> parse_export(std::string_view text, const std::vector<report::Format>& formats);

// Owned by the main thread.
class Exports {
  public:
    // invalid_input: as parse_export; too many; two to one file, or one to `output`, the file of --output.
    static Result<Exports> plan(const std::vector<std::string>& wanted, const std::string& output);
    // Before the work starts, so that a wrong path is known early: what cannot be opened is complained of and left out.
    void open();
    // Complains of each that cannot be written. Whether all that were wanted, also in open(), are there.
    bool write(const audit::Audit& audit, const report::RenderOptions& render);

  private:
    struct File {
        report::Format format;
        std::string path;
        std::unique_ptr<OutputFile> file;
    };
    std::vector<File> files_;
    bool all_opened_ = true;
};

}  // namespace bulkhead::cli
