// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>

#include "audit/trust_file.h"
#include "base/version.h"
#include "cli/build_files_beside.h"
#include "history/history_reader.h"
#include "history/writer.h"
#include "image/archive_reader.h"
#include "image/content_reader.h"
#include "tables/catalog.h"
#include "world/live/cache_folder.h"
#include "world/live/docker_context.h"
#include "world/live/live_reader.h"
#include "world/snapshot/snapshot.h"

namespace bulkhead::cli {

namespace {

std::optional<std::string> environment(const std::string& variable) {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

// Logins that `docker login` left for the servers that may be asked.
std::vector<world::RegistryAccess> with_logins(const std::vector<audit::TrustServer>& servers) {
    std::vector<world::RegistryAccess> out;
    const auto folder = environment("DOCKER_CONFIG");
    const auto home = environment("HOME");
    std::string config;
    if (std::ifstream file(folder ? *folder + "/config.json" : home.value_or("/root") + "/.docker/config.json"); file)
        config.assign(std::istreambuf_iterator<char>(file), {});
    for (const audit::TrustServer& server : servers) {
        auto [user, password] = world::docker_login(config, std::string_view(server.base).substr(server.base.find("://") + 3));
        out.push_back({server.base, server.ca_file, std::move(user), std::move(password)});
    }
    return out;
}

}  // namespace

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const GlobalOptions& global, const SessionOptions& options) {
    std::unique_ptr<Session> session(new Session);
    std::vector<audit::TrustServer> trusted;
    if (!global.trust.empty()) {
        auto file = audit::load_trust_file(global.trust);
        if (!file) return std::unexpected(file.error());
        session->trust_policy_ = std::move(file->policy);
        trusted = std::move(file->servers);
    }
    if (!global.from.empty() && !global.image.empty()) return fail(Code::invalid_input, "--from and --image exclude each other: each is a whole world");
    if (!global.host.empty() && !(global.from.empty() && global.image.empty())) {
        return fail(Code::invalid_input, global.from.empty() ? "--host and --image exclude each other: an archive has no host"
                                                             : "--host and --from exclude each other: a snapshot has one host");
    }
    if (!global.from.empty()) {
        if (options.probe) return fail(Code::invalid_input, "--probe needs a live host: a snapshot cannot be probed");
        auto snapshot = world::SnapshotReader::open(global.from);
        if (!snapshot) return std::unexpected(snapshot.error());
        session->place_ = "snapshot " + global.from;
        session->reader_ = std::move(*snapshot);
        if (!global.history.empty()) {
            session->inner_reader_ = std::move(session->reader_);
            session->reader_ = std::make_unique<history::HistoryReader>(*session->inner_reader_, global.history);
        }
    } else if (!global.image.empty()) {
        if (options.probe) return fail(Code::invalid_input, "--probe needs a live host: an archive cannot be probed");
        auto archive = image::ArchiveReader::open(global.image, {});
        if (!archive) return std::unexpected(archive.error());
        session->place_ = "archive " + global.image;
        session->reader_ = std::move(*archive);
        if (options.build.any()) {
            session->inner_reader_ = std::move(session->reader_);
            session->reader_ = with_build_files(*session->inner_reader_, options.build);
        }
    } else if (auto opened = session->open_live(global, options, with_logins(trusted)); !opened) {
        return std::unexpected(opened.error());
    }
    world::Reader* reader = session->reader_.get();
    if (!options.record_to.empty()) {
        // The name that Recorder gives to its unfinished file (world/snapshot/snapshot.h), for Ctrl-C to remove.
        session->partial_ = std::make_unique<TemporaryFile>(fmt::format("{}.partial-{}", options.record_to, getpid()));
        auto recorder = world::Recorder::create(*reader, options.record_to, version);
        if (!recorder) return std::unexpected(recorder.error());
        session->recorder_ = std::move(*recorder);
        reader = session->recorder_.get();
    }
    session->world_ = std::make_unique<world::World>(*reader);
    session->facts_ = std::make_unique<tables::Facts>(*session->world_);
    session->facts_->show_values = options.show_values;
    if (!global.trust.empty()) session->facts_->trust_policy = &session->trust_policy_;
    session->facts_->build().give(options.build);
    auto database = sql::Database::open(*session->facts_, tables::catalog(), options.limits, options.use);
    if (!database) return std::unexpected(database.error());
    session->database_ = std::move(*database);
    return session;
}

void Session::bring(std::vector<tables::Attestation> attestations) {
    for (const tables::Attestation& attestation : attestations) {
        world_->include(
            {.locator = attestation.locator(), .outcome = world::Outcome::present, .bytes = attestation.statement, .reason = {}, .read_at = now_ms()});
    }
    facts_->attestations = std::move(attestations);
}

// The reader of the host, and above it the one that looks into images.
Result<void> Session::open_live(const GlobalOptions& global, const SessionOptions& options, std::vector<world::RegistryAccess> registries) {
    auto address = world::find_engine({.host = global.host.empty() ? std::nullopt : std::optional(global.host), .environment = environment});
    if (!address && options.engine) return std::unexpected(address.error());
    if (!address) address = world::EngineAddress{};  // build files alone: nobody will ask it
    place_ = address->text();
    const bool here = address->is_unix();
    auto live = std::make_unique<world::LiveReader>(
        world::LiveOptions{.engine = std::move(*address), .show_values = options.show_values, .probe = options.probe, .registries = std::move(registries)});
    if (!global.no_image_content) {
        // Without a cache every run reads anew; that is slow and no more.
        if (auto cache = world::CacheFolder::open(world::default_cache_path())) cache_ = std::move(*cache);
    }
    world::LiveReader& below = *live;
    inner_reader_ = std::move(live);
    // The history of this machine says nothing about an engine elsewhere, unless somebody says it does.
    if (here || !global.history.empty())
        past_reader_ = std::make_unique<history::HistoryReader>(below, global.history.empty() ? std::string(history::default_folder) : global.history);
    reader_ = std::make_unique<image::ContentReader>(
        past_reader_ ? *past_reader_ : below, below,
        image::ContentOptions{.left_out = global.no_image_content, .cache = cache_, .on_reading = [this](const std::string& id) { tell(id); }, .limits = {}});
    return {};
}

void Session::tell(const std::string& image_id) {
    const std::scoped_lock lock(listener_mutex_);
    if (listener_) listener_(image_id);
}

Session::Tale::Tale(Session& session, std::function<void(const std::string&)> listener) : session_(session) {
    const std::scoped_lock lock(session.listener_mutex_);
    session.listener_ = std::move(listener);
}

Session::Tale::~Tale() {
    const std::scoped_lock lock(session_.listener_mutex_);
    session_.listener_ = nullptr;
}

std::int64_t Session::broken_cache_files() const { return cache_ ? cache_->broken() : 0; }

Result<void> Session::check_engine() {
    const world::ReadingPtr info = world_->read(world::engine_get("/info"));
    if (info->present() || info->reason == image::archive_has_no_engine) return {};
    const Code code = info->outcome == world::Outcome::denied ? Code::permission_denied : Code::unavailable;
    return fail(code, fmt::format("no Docker engine answers at {}: {} (another one: --host or DOCKER_HOST; none at all: bulkhead lab up)", place_,
                                  info->reason.empty() ? "it has no /info" : info->reason));
}

void Session::read_all_tables() {
    for (const tables::Table& table : database_->tables()) {
        // A table that fails is no error here: its failed readings are recorded as such.
        if (table.required.empty() && table.ranges.empty()) (void)database_->run(fmt::format("select count(*) from \"{}\"", table.name));
    }
}

Result<void> Session::finish_recording() {
    if (!recorder_) return {};
    auto finished = recorder_->finish();
    if (finished) partial_.reset();
    return finished;
}

}  // namespace bulkhead::cli
