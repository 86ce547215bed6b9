// SPDX-License-Identifier: Apache-2.0
// What `bulkhead audit` and `bulkhead ci` were asked for, and the run that both are.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "audit/run.h"
#include "cli/build_options.h"
#include "cli/command.h"
#include "cli/gate_options.h"

namespace bulkhead::cli {

struct AuditOptions {
    audit::Selection selection;
    int level = 0;
    std::string format = "text";
    std::string output;
    std::vector<std::string> exports;
    std::string progress = "auto";
    std::string save_snapshot;
    std::vector<std::string> settings;
    std::string settings_file;
    bool passes = false;
    bool probe = false;
    bool show_values = false;
    GateOptions gate;
    BuildOptions build;
};

// What is the same for both commands: which settings and exceptions count, where reports go, what fails.
void add_audit_output(CLI::App& app, AuditOptions& options);

// The exit code. An engine is asked unless there are only build files.
int run_audit(const GlobalOptions& global, AuditOptions options);

}  // namespace bulkhead::cli
