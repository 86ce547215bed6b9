// SPDX-License-Identifier: Apache-2.0
// `bulkhead snapshot`: save all raw evidence of a host in one file, show what such a file holds; diff, sign and verify are beside this file.
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>

#include "audit/catalog.h"
#include "audit/run.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/snapshot_parts.h"
#include "cli/terminal.h"
#include "world/snapshot/snapshot.h"

namespace bulkhead::cli {

namespace {

struct SnapshotOptions {
    std::string file;
    bool probe = false;
    bool show_values = false;
    bool all = false;
};

int refuse(const Error& error) {
    complain(error);
    return exit_error;
}

// Everything that any control or table reads.
int save(const GlobalOptions& global, const SnapshotOptions& options) {
    const auto catalog = audit::load_catalog(global.control_dirs);
    if (!catalog) return refuse(catalog.error());
    auto opened =
        Session::open(global, {.show_values = options.show_values, .probe = options.probe, .record_to = options.file, .use = sql::Database::Use::audit});
    if (!opened) return refuse(opened.error());
    Session& session = **opened;
    if (auto there = session.check_engine(); !there) return refuse(there.error());
    session.read_all_tables();
    if (const auto audited = audit::run(*catalog, session.database(), session.facts(), {}, {}); !audited) return refuse(audited.error());
    if (const auto saved = session.finish_recording(); !saved) return refuse(saved.error());
    std::error_code error;
    const auto bytes = std::filesystem::file_size(options.file, error);
    const auto blind = session.facts().world.unreadable().size();
    const auto written = write_out(fmt::format("{}: {} readings, {} of them could not be read, {} KiB\n", text::printable(options.file),
                                               session.facts().world.readings_count(), blind, error ? 0 : (bytes + 1023) / 1024));
    return written ? exit_good : refuse(written.error());
}

int show(const GlobalOptions& global, const SnapshotOptions& options) {
    auto snapshot = world::SnapshotReader::open(options.file);
    if (!snapshot) return refuse(snapshot.error());
    const auto entries = (*snapshot)->entries();
    if (!entries) return refuse(entries.error());
    std::string out;
    for (const auto& [key, value] : (*snapshot)->meta()) {
        const auto time = key.ends_with("_ms") ? text::to_integer(value) : std::nullopt;
        out += fmt::format("{:<16} {}\n", text::printable(time ? key.substr(0, key.size() - 3) : key), time ? rfc3339(*time) : text::printable(value));
    }
    sql::ResultSet rows;
    if (options.all) {
        rows.columns = {"locator", "outcome", "bytes", "read_at", "reason"};
        for (const auto& entry : *entries) {
            rows.rows.push_back({entry.locator, std::string(world::name(entry.outcome)), entry.size, rfc3339(entry.read_at), entry.reason});
        }
    } else {
        struct Sums {
            std::int64_t readings = 0;
            std::int64_t bytes = 0;
        };
        std::map<std::pair<std::string, std::string>, Sums> sums;
        for (const auto& entry : *entries) {
            Sums& sum = sums[{entry.locator.substr(0, entry.locator.find(':')), std::string(world::name(entry.outcome))}];
            ++sum.readings;
            sum.bytes += entry.size;
        }
        rows.columns = {"source", "outcome", "readings", "bytes"};
        for (const auto& [key, sum] : sums) rows.rows.push_back({key.first, key.second, sum.readings, sum.bytes});
    }
    out += "\n" + format_rows(rows, {.format = "table", .render = render_options(global.no_color)});
    const auto written = write_out(out);
    return written ? exit_good : refuse(written.error());
}

}  // namespace

Command snapshot() {
    return {"snapshot", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<SnapshotOptions>();
                CLI::App* app = root.add_subcommand("snapshot", "Keep all raw evidence of a host in one file, for --from");
                app->require_subcommand(1);
                CLI::App* save_app = app->add_subcommand("save", "Read everything and write it to FILE");
                save_app->add_option("FILE", options->file, "the snapshot to write")->required();
                save_app->add_flag("--probe", options->probe, "also send active probes");
                save_app->add_flag("--show-values", options->show_values, "keep environment values and secrets in labels: mind who may read the file");
                save_app->callback([&context, options] { context.action = [&context, options] { return save(context.options, *options); }; });
                CLI::App* show_app = app->add_subcommand("show", "Tell what FILE holds");
                show_app->add_option("FILE", options->file, "the snapshot to show")->required();
                show_app->add_flag("--all", options->all, "every reading, not just their sums");
                show_app->callback([&context, options] { context.action = [&context, options] { return show(context.options, *options); }; });
                add_snapshot_diff(*app, context);
                add_snapshot_sign(*app, context);
                app->footer(
                    "Examples:\n"
                    "  bulkhead snapshot save host.snapshot\n"
                    "  bulkhead snapshot show host.snapshot --all\n"
                    "  bulkhead snapshot diff monday.snapshot friday.snapshot\n"
                    "  bulkhead snapshot sign host.snapshot --key audit.pem && bulkhead snapshot verify host.snapshot --key audit.pub\n"
                    "  bulkhead audit --from host.snapshot");
            }};
}

}  // namespace bulkhead::cli
