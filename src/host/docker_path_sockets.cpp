// SPDX-License-Identifier: Apache-2.0
// Units, sockets and keys, for docker_paths().
#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "host/docker_path_finder.h"
#include "host/systemd_units.h"

namespace bulkhead::host {

namespace {

std::string without_scheme(std::string address) { return address.starts_with("unix://") ? address.substr(7) : address; }

// ListenStream=/run/docker.sock; %t is /run for the system's units (systemd.unit(5), specifiers).
std::vector<std::string> listen_streams(std::string_view unit) {
    std::vector<std::string> paths;
    for (const std::string_view line : text::lines(unit)) {
        const std::string_view trimmed = text::trim(line);
        const std::size_t sign = trimmed.find('=');
        if (sign == std::string_view::npos || text::trim(trimmed.substr(0, sign)) != "ListenStream") continue;
        std::string value(text::trim(trimmed.substr(sign + 1)));
        if (value.empty()) paths.clear();  // an empty assignment takes back those before
        if (value.starts_with("%t/")) value.replace(0, 2, "/run");
        if (value.starts_with('/')) paths.push_back(std::move(value));
    }
    return paths;
}

}  // namespace

void DockerPathFinder::put_unit(std::string_view thing, std::string_view unit) {
    auto found = systemd_unit_files(host_, unit);
    for (UnitFile& file : found.items) {
        DockerPath& row = paths_.emplace_back();
        row.thing = thing;
        row.path = file.path;
        row.found_by = file.is_drop_in ? "systemd's rules for drop-ins" : "systemd's rules for units";
        row.found_locator = file.locator;
        row.locator = file.locator;
        if (file.is_masked) {
            row.reason = "masked: systemd does not start it";
        } else {
            row.stat = std::move(file.stat);
        }
    }
    for (const Problem& problem : found.problems) put_problem(thing, problem.reason, problem.locator);
    if (!has(thing)) put_absent(thing, std::string(unit), "systemd has no such unit");
}

void DockerPathFinder::units() {
    put_unit("service_unit", "docker.service");
    put_unit("socket_unit", "docker.socket");
}

std::vector<std::string> DockerPathFinder::sockets_of_unit() {
    std::vector<std::string> paths;
    for (const DockerPath& row : std::vector(paths_)) {
        if (row.thing != "socket_unit" || !row.stat) continue;
        const auto file = host_.world().read(world::file_at(row.path, engine_));
        if (file->unreadable()) put_problem("docker_sock", file->reason, file->locator);
        std::ranges::move(listen_streams(file->bytes), std::back_inserter(paths));
    }
    return paths;
}

void DockerPathFinder::put_engine_sockets() {
    constexpr std::string_view usual = "/run/docker.sock";
    const DaemonSetting* hosts = setting("hosts");
    if (hosts == nullptr) return put_problem("docker_sock", problem_of_settings().reason, problem_of_settings().locator);
    const Told told{"the setting hosts", hosts->locator};
    std::vector<std::pair<std::string, Told>> wanted;
    bool has_any = false;
    if (const auto list = hosts->value ? json::Document::parse(*hosts->value) : fail(Code::not_found, ""); list) {
        for (const json::Value& item : list->root().items()) {
            const std::string address = item.text_or();
            has_any = true;
            if (address.starts_with("unix://")) wanted.emplace_back(address.substr(7), told);
            if (!address.starts_with("fd:")) continue;
            for (std::string& path : sockets_of_unit()) wanted.emplace_back(std::move(path), Told{"docker.socket", hosts->locator});
        }
    }
    if (!has_any) wanted.emplace_back(std::string(usual), Told{"the default", hosts->locator});
    for (auto& [path, by] : wanted) {
        const DockerPath& row = put("docker_sock", path, by);
        if (is_known("docker_sock", row)) paths_.pop_back();
    }
    // The one that was answered on is one of the engine's, whatever the settings say; it is named as the caller sees it.
    const auto process = host_.world().read(world::engine_process());
    const auto document = json::Document::parse(process->bytes);
    const auto asked = document ? document->root()["socket"].text() : std::nullopt;
    if (!asked) return;
    const auto reading = host_.world().read(world::stat_at(*asked));
    DockerPath row{
        .thing = "docker_sock", .path = *asked, .found_by = "the socket that answers", .found_locator = process->locator, .locator = reading->locator};
    std::vector<Problem> problems;
    row.stat = parsed<FileStat>(*reading, parse_file_stat, problems, Absent::is_nothing);
    if (!problems.empty()) row.problem = problems.front().reason;
    const bool is_listed = std::ranges::any_of(paths_, [&](const DockerPath& other) { return row.stat && other.stat && other.stat->is_same_file(*row.stat); });
    if (!is_listed) paths_.push_back(std::move(row));
}

void DockerPathFinder::sockets() {
    put_engine_sockets();
    if (!has("docker_sock")) put_absent("docker_sock", "", "the engine listens on no socket of this host");
    for (const Containerd& one : containerds_.items) {
        const Told told{"containerd's settings", one.told_by};
        put("containerd_sock", without_scheme(one.address), told);
        put("containerd_run_dir", one.state, told);
    }
    if (!containerds_.items.empty()) return;
    put_problem("containerd_sock", problem_of_containerd().reason, problem_of_containerd().locator);
    put_problem("containerd_run_dir", problem_of_containerd().reason, problem_of_containerd().locator);
}

void DockerPathFinder::put_key(std::string_view thing, std::string_view setting_name, std::string_view default_file) {
    const DaemonSetting* own = setting(setting_name);
    const DaemonSetting* tls = setting("tls");
    const DaemonSetting* verify = setting("tlsverify");
    if (own == nullptr || tls == nullptr || verify == nullptr) return put_problem(thing, problem_of_settings().reason, problem_of_settings().locator);
    const auto document = own->value ? json::Document::parse(*own->value) : fail(Code::not_found, "");
    const std::string path = document ? document->root().text_or() : std::string();
    if (own->source != "default" && !path.empty()) {
        put(thing, path, {fmt::format("the setting {}", setting_name), own->locator});
    } else if (tls->value == "true" || verify->value == "true") {
        DockerPath& row = put(thing, "/root/.docker/" + std::string(default_file), {fmt::format("the default of {} for root", setting_name), own->locator});
        // HOME and DOCKER_CERT_PATH of the engine decide, and its environment is not read.
        if (!row.stat && row.problem.empty()) row.problem = fmt::format("TLS is on, and {} is not where it is by default", setting_name);
    } else {
        put_absent(thing, "", "no TLS is set up for the engine's API");
        paths_.back().found_by = "the settings";
        paths_.back().found_locator = own->locator;
        paths_.back().locator = own->locator;
    }
}

void DockerPathFinder::put_registry_files() {
    const auto config = dockerd_config_path(host_);
    if (!config) return put_problem("registry_cert", config.error().message, problem_of_settings().locator);
    const DaemonSetting* rootless = setting("rootless");
    const bool is_rootless = rootless != nullptr && rootless->value == "true";
    const std::string top = is_rootless ? config->path.substr(0, config->path.rfind('/')) + "/certs.d" : "/etc/docker/certs.d";
    const auto registries = host_.world().read(world::directory_at(top, engine_));
    if (registries->unreadable()) return put_problem("registry_cert", registries->reason, registries->locator);
    std::size_t count = 0;
    for (const std::string_view registry : text::lines(registries->bytes)) {
        const std::string folder = top + "/" + std::string(registry);
        const auto files = host_.world().read(world::directory_at(folder, engine_));
        if (files->unreadable()) put_problem("registry_cert", files->reason, files->locator);
        for (const std::string_view file : text::lines(files->bytes)) {
            if (++count > registry_files_max) return put_problem("registry_cert", "more files than anyone has", files->locator);
            put("registry_cert", folder + "/" + std::string(file), {"a file for a registry", files->locator});
        }
    }
    if (has("registry_cert")) return;
    put_absent("registry_cert", top, "no registry has certificates of its own");
    paths_.back().found_locator = registries->locator;
    paths_.back().locator = registries->locator;
}

void DockerPathFinder::keys() {
    put_key("tls_ca", "tlscacert", "ca.pem");
    put_key("tls_cert", "tlscert", "cert.pem");
    put_key("tls_key", "tlskey", "key.pem");
    put_registry_files();
}

}  // namespace bulkhead::host
