// SPDX-License-Identifier: Apache-2.0
#include "fix/planner.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "build/build_files.h"
#include "fix/compose_edit.h"
#include "fix/folder.h"
#include "fix/json_edit.h"
#include "fix/targets.h"
#include "host/dockerd_settings.h"
#include "world/reading.h"

namespace bulkhead::fix {

namespace {

constexpr std::string_view unit_folders[] = {"/etc/systemd/system/", "/run/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/"};

void add_cause(std::vector<Cause>& causes, const Cause& cause) {
    if (std::ranges::find(causes, cause) == causes.end()) causes.push_back(cause);
}

void add_text(std::vector<std::string>& texts, const std::string& text) {
    if (!text.empty() && std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
}

// The effective setting is what the fix wants; a default is never taken out.
bool is_so(const host::DaemonSetting& setting, const std::string& wanted) {
    if (wanted == audit::remove_value) return setting.source != "file";
    const auto value = json::Document::parse(wanted);
    return setting.value && value && value->root().dump() == *setting.value;
}

std::string key_of(const std::string& path, std::int64_t root_pid) { return fmt::format("{}@{}", path, root_pid); }

}  // namespace

std::string shell_word(const std::string& text) {
    const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("_-./:@%+=,").contains(c);
    });
    if (plain) return text;
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

Planner::Planner(tables::Facts& facts, const PlanOptions& options) : facts_(facts), options_(options) {}

Result<void> Planner::propose(const audit::Fix& fix, const audit::Result& result, const Cause& cause) {
    const bool compose_fix = fix.kind == audit::FixKind::compose || fix.kind == audit::FixKind::compose_item || fix.kind == audit::FixKind::compose_ports;
    // A control may ask about the host and about build files; each of its fixes is for one of them.
    const bool compose_result = result.resource.starts_with("compose:");
    const bool build_result = compose_result || result.resource.starts_with("dockerfile:");
    if (fix.kind != audit::FixKind::by_hand && (compose_fix ? !compose_result : build_result)) return fail(Code::unsupported, "");
    if (!fix.risk.empty() && !options_.risky) return fail(Code::unsupported, "left out as risky (--risky plans it): " + fix.risk);
    switch (fix.kind) {
        case audit::FixKind::compose:
        case audit::FixKind::compose_item:
        case audit::FixKind::compose_ports: return compose(fix, result, cause);
        case audit::FixKind::daemon_json: return daemon_json(fix, cause);
        case audit::FixKind::file_mode:
        case audit::FixKind::file_owner: return attribute(fix, result, cause);
        case audit::FixKind::unit_drop_in: return unit_drop_in(fix, cause);
        case audit::FixKind::command: break;
        case audit::FixKind::by_hand: return fail(Code::unsupported, fix.target);
    }
    std::string command = fix.target;
    if (const std::size_t at = command.find("{name}"); at != std::string::npos) command.replace(at, 6, shell_word(result.resource_name));
    step(command, cause, fix.risk.empty() ? fix.mind : fix.risk);
    steps_of(fix, cause);
    return {};
}

Result<Planner::Draft*> Planner::draft(const std::string& path, std::int64_t root_pid) {
    const std::string key = key_of(path, root_pid);
    if (const auto known = drafts_.find(key); known != drafts_.end()) return &known->second;
    auto target = content_target(facts_.world, path, root_pid);
    if (!target) return std::unexpected(target.error());
    return &drafts_.emplace(key, Draft{std::move(*target), {}}).first->second;
}

// Takes an edit of a draft's content, or says that there is nothing to edit.
Result<void> Planner::edit(Draft& draft, const audit::Fix& fix, const Cause& cause, const std::string& summary, const Result<std::string>& edited) {
    if (!edited) return std::unexpected(edited.error());
    if (*edited == draft.change.after && !draft.edits.contains(summary))
        return fail(Code::unsupported, fmt::format("{} says so already", name_of(draft.change.path)));
    if (draft.edits.size() >= edits_of_file_max)
        return fail(Code::limit_exceeded, fmt::format("more than {} changes of one file: apply these first", edits_of_file_max));
    if (draft.edits.insert(summary).second) draft.change.summary.push_back(summary);
    draft.change.after = *edited;
    add_cause(draft.change.causes, cause);
    add_text(draft.change.minds, fix.mind);
    add_text(draft.change.minds, fix.risk);
    steps_of(fix, cause);
    return {};
}

Result<void> Planner::daemon_json(const audit::Fix& fix, const Cause& cause) {
    const auto& pid = facts_.host.engine_pid();
    if (!pid) return std::unexpected(pid.error());
    const auto path = host::dockerd_config_path(facts_.host);
    if (!path) return std::unexpected(path.error());
    if (!settings_) {
        const auto& version = facts_.engine.version();
        settings_ = host::dockerd_config(facts_.host, version.items.empty() ? std::nullopt : std::optional(version.items.front().version));
    }
    if (!settings_->problems.empty()) return fail(Code::unavailable, "the engine's settings could not be read: " + settings_->problems.front().reason);
    const auto setting = std::ranges::find(settings_->items, fix.target, &host::DaemonSetting::name);
    if (setting != settings_->items.end() && (setting->source == "flag" || setting->conflict)) {
        const host::SettingInfo* info = host::setting_by_name(fix.target);
        return fail(Code::unsupported,
                    fmt::format("--{} on the engine's command line decides it, and dockerd refuses a setting that is in both: take the flag off where the "
                                "engine is started",
                                info == nullptr ? fix.target : std::string(info->flag_name())));
    }
    const bool remove = fix.value == audit::remove_value;
    if (setting != settings_->items.end() && is_so(*setting, fix.value))
        return fail(Code::unsupported,
                    fmt::format("{} is so already ({}): it is not what decides here, or the engine was not restarted since", fix.target, setting->source));
    auto file = draft(path->path, *pid);
    if (!file) return std::unexpected(file.error());
    Change& change = (*file)->change;
    change.is_daemon_json = true;
    const auto edited = remove ? remove_member(change.after, fix.target) : set_member(change.after, fix.target, fix.value);
    return edit(**file, fix, cause, remove ? fmt::format("{} is taken out", fix.target) : fmt::format("{}: {}", fix.target, fix.value), edited);
}

Result<void> Planner::compose(const audit::Fix& fix, const audit::Result& result, const Cause& cause) {
    const build::Project* project = facts_.build().project();
    if (project == nullptr) return fail(Code::unavailable, facts_.build().compose_problem());
    const build::Tree* services = project->section("services");
    const build::Tree* service = services == nullptr ? nullptr : services->find(result.resource_name);
    if (service == nullptr) return fail(Code::not_found, "no such service");
    for (const std::string& key : fix.unless) {
        if (service->find(key) != nullptr) return fail(Code::unsupported, fmt::format("the service has {}, which has to be thought of together with it", key));
    }
    ComposeEdit wanted{.change = ComposeChange::set, .service = result.resource_name, .key = fix.target, .value = fix.value, .unless = {}};
    if (fix.kind == audit::FixKind::compose_item) wanted.change = ComposeChange::item;
    if (fix.kind == audit::FixKind::compose_ports) wanted = {ComposeChange::ports, result.resource_name, "ports", fix.target, {}};
    // The last file that has the service goes before the others; ports of all of them are published.
    const std::vector<std::string>& files = facts_.build().input().compose.files;
    Result<void> outcome = fail(Code::not_found, "the service stands in none of the files that were named: it is included or extended");
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
        auto target = draft(*file, 0);
        if (!target) return std::unexpected(target.error());
        const auto edited = edit_compose((*target)->change.after, *file, wanted);
        if (!edited && edited.error().code == Code::not_found) continue;
        const auto taken = edit(**target, fix, cause, fmt::format("{}: {}: {}", wanted.service, wanted.key, wanted.value), edited);
        if (taken) compose_services_.insert(wanted.service);
        if (wanted.change != ComposeChange::ports) return taken;
        if (!outcome || !taken) outcome = outcome ? outcome : taken;
        if (!edited) return taken;
    }
    return outcome;
}

Result<void> Planner::attribute(const audit::Fix& fix, const audit::Result& result, const Cause& cause) {
    const bool mode = fix.kind == audit::FixKind::file_mode;
    const What what = mode ? What::mode : What::owner;
    for (const audit::Evidence& evidence : result.evidence) {
        const auto request = world::parse_locator(evidence.locator);
        if (!request || request->kind != world::Kind::stat) continue;
        auto target = attribute_target(facts_.world, request->target, root_pid_of(request->place), what);
        if (!target) return std::unexpected(target.error());
        if (mode) {
            target->mode_after = target->mode_before & text::to_integer(fix.target, 8).value_or(0);
        } else {
            const auto ids = text::split(fix.target, ':');
            target->uid_after = text::to_integer(ids.front()).value_or(0);
            target->gid_after = text::to_integer(ids.back()).value_or(0);
        }
        if (state_before(*target) == state_after(*target)) return fail(Code::unsupported, fmt::format("{} is so already", target->path));
        auto& changes = mode ? modes_ : owners_;
        Change& change = changes.emplace(key_of(target->path, target->root_pid), *target).first->second;
        // Several controls about one path: what all of them let stay.
        if (mode) change.mode_after &= target->mode_after;
        add_cause(change.causes, cause);
        add_text(change.minds, fix.mind);
        steps_of(fix, cause);
        return {};
    }
    return fail(Code::unsupported, "the result names no path");
}

Result<void> Planner::unit_drop_in(const audit::Fix& fix, const Cause& cause) {
    const auto& pid = facts_.host.engine_pid();
    if (!pid) return std::unexpected(pid.error());
    if (!has_systemd()) return fail(Code::unsupported, "systemd does not run where the engine does");
    const bool known = std::ranges::any_of(
        unit_folders, [&](std::string_view folder) { return facts_.world.read(world::stat_at(std::string(folder) + fix.target, *pid))->present(); });
    if (!known) return fail(Code::not_found, "there is no unit " + fix.target);
    auto file = draft(fmt::format("/etc/systemd/system/{}.d/bulkhead.conf", fix.target), *pid);
    if (!file) return std::unexpected(file.error());
    const std::string& now = (*file)->change.after;
    const std::string edited = now.contains(fix.value) ? now : now + (now.empty() ? "" : "\n") + fix.value + "\n";
    if (auto taken = edit(**file, fix, cause, "drop-in of " + fix.target, edited); !taken) return taken;
    step(fmt::format("systemctl daemon-reload && systemctl restart {}", fix.target), cause, {});
    return {};
}

void Planner::step(const std::string& text, const Cause& cause, const std::string& mind) {
    auto found = std::ranges::find(steps_, text, &Step::text);
    if (found == steps_.end()) found = steps_.insert(steps_.end(), Step{text, mind, {}});
    add_cause(found->causes, cause);
}

void Planner::steps_of(const audit::Fix& fix, const Cause& cause) {
    for (const std::string& word : fix.then) add_cause(then_[word], cause);
}

bool Planner::has_systemd() {
    const auto& pid = facts_.host.engine_pid();
    return pid && facts_.world.read(world::stat_at("/run/systemd/system", *pid))->present();
}

void Planner::finish(Plan& plan) {
    for (auto& [key, change] : owners_) plan.changes.push_back(std::move(change));
    for (auto& [key, change] : modes_) {
        // By then the owner is the new one.
        const auto owner = std::ranges::find_if(
            plan.changes, [&](const Change& c) { return c.what == What::owner && c.path == change.path && c.root_pid == change.root_pid; });
        if (owner != plan.changes.end()) {
            change.uid_before = change.uid_after = owner->uid_after;
            change.gid_before = change.gid_after = owner->gid_after;
        }
        plan.changes.push_back(std::move(change));
    }
    for (auto& [key, draft] : drafts_) {
        if (draft.change.before != draft.change.after) plan.changes.push_back(std::move(draft.change));
    }
    const bool systemd = !then_.empty() && has_systemd();
    const auto engine_step = [&](const std::string& word, const std::string& unit, const std::string& bare) {
        const auto found = then_.find(word);
        if (found != then_.end()) plan.steps.push_back({systemd ? unit : bare, {}, std::move(found->second)});
    };
    if (then_.contains("restart")) {
        then_.erase("reload");  // a restart reads everything
        engine_step("restart", "systemctl restart docker", fmt::format("restart the engine (process {})", plan.engine_pid));
    }
    engine_step("reload", "systemctl reload docker", fmt::format("kill -HUP {}", plan.engine_pid));
    for (Step& one : steps_) plan.steps.push_back(std::move(one));
    if (!compose_services_.empty()) {
        std::string command = "docker compose";
        for (const std::string& file : facts_.build().input().compose.files) command += fmt::format(" -f {}", shell_word(file));
        command += " up -d";
        for (const std::string& service : compose_services_) command += fmt::format(" {}", shell_word(service));
        plan.steps.push_back({command, {}, {}});
    }
    if (const auto found = then_.find("recreate"); found != then_.end())
        plan.steps.push_back({"docker compose up -d --force-recreate   (others: docker rm, docker run)", {}, std::move(found->second)});
}

}  // namespace bulkhead::fix
