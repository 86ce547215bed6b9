// SPDX-License-Identifier: Apache-2.0
#include "agent/service.h"

#include <array>
#include <condition_variable>
#include <utility>

#include "base/version.h"

namespace bulkhead::agent {

namespace {

constexpr std::chrono::seconds counters_every{10};
constexpr std::int64_t ns_of_ms = 1'000'000;

history::ContainerEvent event_of(const Life& life) {
    return {.time_ms = life.time_ns / ns_of_ms,
            .what = life.what == Life::What::born ? history::ContainerEvent::What::born : history::ContainerEvent::What::died,
            .container_id = life.identity.container_id,
            .container = life.identity.container,
            .image = life.identity.image,
            .project = life.identity.project,
            .service = life.identity.service,
            .exit_code = life.exit_code,
            .inspect = life.inspect};
}

// What was not seen, by the history's words for it.
std::array<std::pair<std::string_view, std::uint64_t>, 6> losses_of(const AgentStatus& status) {
    const datapath::DatapathCounts& counts = status.datapath;
    return {{{"queue_full", status.words_dropped},
             {"ring_full", counts.lost_begun + counts.lost_over},
             {"payload_lost", counts.lost_payload},
             {"table_full", counts.unaccounted_full.packets + counts.unaccounted_raced.packets},
             {"not_attached", counts.attach_failed},
             {"engine_gone", status.collector.engine_gone}}};
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(Config config, world::EngineAddress engine) {
    std::unique_ptr<Service> service(new Service());
    service->started_ms_ = now_ms();
    if (const auto begun = service->begin(std::move(config), std::move(engine)); !begun) return std::unexpected(begun.error());
    return service;
}

Service::~Service() { stop(); }

AgentSinks Service::sinks() {
    AgentSinks out;
    out.flow = [this](const flow::Observed& observed, flow::Moment moment) {
        if (moment == flow::Moment::over) writer_->add(observed);
    };
    out.life = [this](const Life& life) { writer_->add(event_of(life)); };
    out.blind = [this](std::string_view where, const Error& why) {
        const UnixMs now = now_ms();
        writer_->add(
            history::BlindSpot{.from_ms = now, .until_ms = now, .cause = "not_attached", .place = std::string(where), .count = 1, .detail = why.message});
    };
    return out;
}

Result<void> Service::begin(Config config, world::EngineAddress engine) {
    auto writer = history::Writer::open({.folder = config.history, .retention = config.retention});
    if (!writer) return std::unexpected(writer.error().in("history"));
    writer_ = std::move(*writer);
    auto agent = Agent::start({.engine = std::move(engine), .datapath = config.datapath}, sinks());
    if (!agent) return std::unexpected(agent.error());
    agent_ = std::move(*agent);
    config_ = std::move(config);
    {
        const std::scoped_lock lock(mutex_);
        told_losses_.clear();
        looked_ms_ = now_ms();
    }
    auto server = StatusServer::open(config_.listen, [this](std::string_view path) { return page(path); });
    if (!server) return std::unexpected(server.error().in("status"));
    server_ = std::move(*server);
    counting_ = std::jthread([this](const std::stop_token& stop) { keep_counters(stop); });
    return {};
}

void Service::stop() {
    server_.reset();
    if (counting_.joinable()) {
        counting_.request_stop();
        counting_.join();
    }
    if (agent_) {
        agent_->stop();
        note_losses(agent_->status());
    }
    if (writer_) writer_->close();
    agent_.reset();
    writer_.reset();
}

Result<void> Service::reload(Config config, world::EngineAddress engine) {
    {
        const std::scoped_lock lock(mutex_);
        ++reloads_;
        last_reload_error_.clear();
    }
    if (config == config_) return {};
    const UnixMs from = now_ms();
    stop();
    if (const auto begun = begin(std::move(config), std::move(engine)); !begun) return begun;
    writer_->add(
        history::BlindSpot{.from_ms = from, .until_ms = now_ms(), .cause = "reload", .place = {}, .count = 0, .detail = "the configuration was changed"});
    return {};
}

void Service::note_reload_error(std::string message) {
    const std::scoped_lock lock(mutex_);
    ++reloads_;
    last_reload_error_ = std::move(message);
}

void Service::note_losses(const AgentStatus& now) {
    const std::scoped_lock lock(mutex_);
    const UnixMs until = now_ms();
    for (const auto& [cause, count] : losses_of(now)) {
        std::uint64_t& told = told_losses_[std::string(cause)];
        if (count > told) {
            writer_->add(history::BlindSpot{.from_ms = looked_ms_,
                                            .until_ms = until,
                                            .cause = std::string(cause),
                                            .place = {},
                                            .count = static_cast<std::int64_t>(count - told),
                                            .detail = {}});
        }
        told = count;
    }
    looked_ms_ = until;
}

void Service::keep_counters(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        never.wait_for(lock, stop, counters_every, [] { return false; });
        const AgentStatus now = agent_->status();
        note_losses(now);
        writer_->add(history::DatapathCounters{.time_ms = now_ms(), .source = "agent", .values = named(now)});
    }
}

ServiceStatus Service::status() const {
    ServiceStatus out{.version = std::string(version),
                      .started_ms = started_ms_,
                      .now_ms = now_ms(),
                      .agent = agent_->status(),
                      .history = writer_->status(),
                      .history_folder = config_.history};
    const std::scoped_lock lock(mutex_);
    out.reloads = reloads_;
    out.last_reload_error = last_reload_error_;
    return out;
}

std::optional<Page> Service::page(std::string_view path) const {
    if (path == "/metrics") return Page{std::string(metrics_type), metrics_text(status())};
    if (path == "/status") return Page{"application/json", status_json(status())};
    return std::nullopt;
}

}  // namespace bulkhead::agent
