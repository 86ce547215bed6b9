// SPDX-License-Identifier: Apache-2.0
// `bulkhead serve`: the agent as a service. SIGTERM and SIGINT end it, SIGHUP takes a changed configuration over; what starts it is told
// when it is ready (sd_notify(3)).
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>

#include "agent/service.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/service_notice.h"
#include "cli/terminal.h"

namespace bulkhead::cli {

namespace {

struct ServeOptions {
    std::string config;  // empty: the default file, if it is there
};

std::optional<std::string> environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

struct Wanted {
    agent::Config config;
    world::EngineAddress engine;
};

// The command line's --host stands above the file's engine.
Result<Wanted> wanted(const GlobalOptions& global, const ServeOptions& options) {
    Wanted out;
    const std::string path = options.config.empty() ? std::string(agent::default_config_file) : options.config;
    auto config = agent::load_config(path);
    if (config) {
        out.config = std::move(*config);
    } else if (config.error().code != Code::not_found || !options.config.empty()) {
        return std::unexpected(config.error());
    }
    if (!global.host.empty()) out.config.engine = global.host;
    auto engine = world::find_engine({.host = out.config.engine.empty() ? std::nullopt : std::optional(out.config.engine), .environment = environment});
    if (!engine) return std::unexpected(engine.error());
    out.engine = std::move(*engine);
    return out;
}

int refuse(const Error& error) {
    complain(error);
    return exit_error;
}

int serve_until_told(agent::Service& service, const sigset_t& signals, const GlobalOptions& global, const ServeOptions& options) {
    for (;;) {
        int signal = 0;
        if (sigwait(&signals, &signal) != 0) continue;
        if (signal != SIGHUP) break;
        notify_service("RELOADING=1");
        auto again = wanted(global, options);
        if (!again) {
            complain("event=reload_refused " + again.error().message);
            service.note_reload_error(again.error().message);
        } else if (const auto done = service.reload(std::move(again->config), std::move(again->engine)); !done) {
            return refuse(done.error());
        } else {
            complain("event=reloaded");
        }
        notify_service("READY=1");
    }
    notify_service("STOPPING=1");
    service.stop();
    complain("event=stopped");
    return exit_good;
}

int run_serve(const GlobalOptions& global, const ServeOptions& options) {
    if (::geteuid() != 0)
        return refuse({Code::permission_denied, "bulkhead serve needs root: it loads programs into the kernel and looks into other network namespaces"});
    auto first = wanted(global, options);
    if (!first) return refuse(first.error());
    // Threads inherit the mask: signals wait for sigwait.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    auto service = agent::Service::start(std::move(first->config), std::move(first->engine));
    if (!service) return refuse(service.error());
    complain(fmt::format("event=started status={} history={}", (*service)->config().listen, (*service)->config().history));
    notify_service("READY=1");
    return serve_until_told(**service, signals, global, options);
}

}  // namespace

Command serve() {
    return {"serve", [](CLI::App& root, Context& context) {
                auto options = std::make_shared<ServeOptions>();
                CLI::App* app = root.add_subcommand("serve", "See every connection of every container, and keep it: the agent as a service");
                app->add_option("--config", options->config, fmt::format("YAML file with what is set (else {}, if it is there)", agent::default_config_file));
                app->footer(
                    "Needs root. Ends on SIGTERM; takes a changed configuration over on SIGHUP; a wrong one is refused and the old one goes on.\n"
                    "Examples:\n"
                    "  bulkhead serve --config ./bulkhead.yaml\n"
                    "  systemctl enable --now bulkhead\n"
                    "  curl --unix-socket /run/bulkhead/agent.sock http://localhost/metrics");
                app->callback([&context, options] { context.action = [&context, options] { return run_serve(context.options, *options); }; });
            }};
}

}  // namespace bulkhead::cli
