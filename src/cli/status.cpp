// SPDX-License-Identifier: Apache-2.0
// `bulkhead status`: what the running agent sees, counts and cannot see.
#include <fmt/format.h>

#include <memory>

#include "agent/config.h"
#include "agent/status_server.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

struct StatusOptions {
    std::string listen{agent::default_listen};
    std::string format = "text";
};

std::string safe(const json::Value& value) { return text::printable(value.text_or()); }

void add_count(std::string& out, std::string_view what, const json::Value& value, bool always = true) {
    if (const auto count = value.integer_or(0); always || count != 0) out += fmt::format("  {:<44} {}\n", what, count);
}

// Counters that tell of something that was not seen are shown where they are not zero: those are what a person has to know.
std::string text_of(const json::Value& status) {
    const json::Value counts = status["counts"], history = status["history"];
    std::string out = fmt::format("bulkhead {} on {}, since {}\n", safe(status["version"]), safe(status["node"]), safe(status["started"]));
    out += status["engine_answers"].boolean_or(false) ? "engine answers\n" : "engine does not answer: " + safe(status["engine_problem"]) + "\n";
    out += fmt::format("metered: {} interfaces\n", status["interfaces"].items().size());
    add_count(out, "conversations now", counts["conversations_now"]);
    add_count(out, "conversations since the start", counts["conversations"]);
    add_count(out, "flows told", counts["flows_told"]);
    out += fmt::format("history: {}\n", safe(status["history_folder"]));
    add_count(out, "flows written", history["flows_written"]);
    add_count(out, "bytes on disk", history["bytes_on_disk"]);
    std::string lost;
    for (const auto& [name, value] : history.members()) {
        if (name.starts_with("lost_")) add_count(lost, "history: " + name, value, false);
    }
    for (const auto& [name, value] : counts.members()) {
        const bool is_loss = name.find("lost") != std::string::npos || name.find("dropped") != std::string::npos ||
                             name.find("unaccounted") != std::string::npos || name.find("evicted") != std::string::npos ||
                             name.find("failed") != std::string::npos || name.find("nameless") != std::string::npos ||
                             name.find("before_attachment") != std::string::npos || name.find("gone") != std::string::npos ||
                             name.find("left_out") != std::string::npos || name.find("broken") != std::string::npos;
        if (is_loss) add_count(lost, name, value, false);
    }
    out += lost.empty() ? "not seen or not kept: nothing\n" : "not seen or not kept:\n" + lost;
    if (const std::string error = safe(status["history_error"]); !error.empty()) out += "the history cannot be written: " + error + "\n";
    if (const std::string error = safe(status["reload_error"]); !error.empty()) out += "the last reload was refused: " + error + "\n";
    return out;
}

int run_status(const StatusOptions& options) {
    const auto answer = agent::ask_status(options.listen, options.format == "metrics" ? "/metrics" : "/status");
    if (!answer) {
        complain(answer.error());
        return exit_error;
    }
    std::string out = *answer;
    if (options.format == "text") {
        const auto document = json::Document::parse(*answer);
        if (!document || document->root()["schema"].text_or() != "bulkhead.status/1") {
            complain(options.listen + ": the answer is not an agent's status");
            return exit_error;
        }
        out = text_of(document->root());
    }
    return write_out(out) ? exit_good : exit_error;
}

}  // namespace

Command status() {
    return {"status", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<StatusOptions>();
                CLI::App* app = root.add_subcommand("status", "What the running agent sees, counts and cannot see");
                app->add_option("--listen", options->listen, "where it tells it: unix:/PATH or 127.0.0.1:PORT")->capture_default_str();
                app->add_option("--format", options->format, "text, json or metrics")->check(CLI::IsMember({"text", "json", "metrics"}))->capture_default_str();
                app->footer("Examples:\n  bulkhead status\n  bulkhead status --format json | jq .counts");
                app->callback([&context, options] { context.action = [options] { return run_status(*options); }; });
            }};
}

}  // namespace bulkhead::cli
