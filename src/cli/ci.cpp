// SPDX-License-Identifier: Apache-2.0
// `bulkhead ci`: a project's Dockerfiles, Compose files and built image in one run, with one exit code; no engine is asked.
#include <memory>

#include "base/text.h"
#include "cli/audit_options.h"
#include "cli/find_build_files.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

struct CiOptions {
    std::string folder = ".";
    AuditOptions audit;
};

int run_ci(const GlobalOptions& global, CiOptions options) {
    const auto refuse = [](const Error& error) {
        complain(error);
        return exit_error;
    };
    if (!global.from.empty() || !global.host.empty())
        return refuse(
            {Code::invalid_input, "ci judges build files and --image, not a host: bulkhead audit does that, with --dockerfile and --compose beside it"});
    build::BuildInput& input = options.audit.build.input;
    // What is named is judged and nothing else.
    if (input.dockerfiles.empty() && input.compose.files.empty()) {
        auto found = find_build_files(options.folder);
        if (!found) return refuse(found.error());
        input.dockerfiles = std::move(found->dockerfiles);
        input.compose.files = std::move(found->compose);
    }
    if (!input.any() && global.image.empty())
        return refuse({Code::not_found, "nothing to judge in " + options.folder + ": no Dockerfile, Compose file or --image (bulkhead ci --help)"});
    if (!options.audit.gate.quiet) {
        std::vector<std::string> judged = input.dockerfiles;
        judged.insert(judged.end(), input.compose.files.begin(), input.compose.files.end());
        if (!global.image.empty()) judged.push_back(global.image);
        complain("judging " + text::join(judged, ", "));
    }
    return run_audit(global, std::move(options.audit));
}

}  // namespace

Command ci() {
    return {"ci", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<CiOptions>();
                options->audit.format = "brief";
                CLI::App* app = root.add_subcommand("ci", "Judge a project's Dockerfiles, Compose files and image in one run, without an engine");
                app->add_option("FOLDER", options->folder, "where to look for Dockerfile*, compose.yaml, ... where none is named")->capture_default_str();
                app->add_option("--control", options->audit.selection.ids, "only this control or benchmark (may be repeated)")->allow_extra_args(false);
                app->add_option("--level", options->audit.level, "only controls that hold at level N or below")->check(CLI::Range(1, 3));
                add_audit_output(*app, options->audit);
                add_build_options(*app, options->audit.build);
                app->footer(
                    "Exit code: 0 nothing fails, 1 something does (--fail-on), 2 error, also of a file that cannot be parsed.\n\n"
                    "Examples:\n"
                    "  bulkhead ci\n"
                    "  bulkhead ci services --fail-on 'severity>=high' --exceptions exceptions.yaml\n"
                    "  docker save app:test -o app.tar && bulkhead ci --image app.tar --format json --output bulkhead.json\n"
                    "  bulkhead ci --baseline main.json --fail-on new");
                app->callback([&context, options] { context.action = [&context, options] { return run_ci(context.options, *options); }; });
            }};
}

}  // namespace bulkhead::cli
