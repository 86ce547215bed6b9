// SPDX-License-Identifier: Apache-2.0
#include "host/engine_processes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "host/namespaces.h"

namespace bulkhead::host {

namespace {

constexpr int ancestors_max = 8;

enum class Role : std::uint8_t { none, daemon, proxy };

Role role_of(std::string_view name) {
    if (name.starts_with("docker-proxy")) return Role::proxy;
    // Rootless engines wrap the proxy; the wrapper holds the port (rootlesskit-docker-proxy, cut to 15 bytes).
    return name == "dockerd" || name == "containerd" || name.starts_with("containerd-shim") || name.starts_with("rootlesskit") ? Role::daemon : Role::none;
}

// "-name value", "--name value", "-name=value": Go's flag package takes one dash or two.
std::string argument(const std::vector<std::string>& cmdline, std::string_view name) {
    for (std::size_t i = 1; i < cmdline.size(); ++i) {
        std::string_view word = cmdline[i];
        if (!word.starts_with('-')) continue;
        word.remove_prefix(word.starts_with("--") ? 2 : 1);
        if (word == name && i + 1 < cmdline.size()) return cmdline[i + 1];
        if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') return std::string(word.substr(name.size() + 1));
    }
    return {};
}

class Search {
  public:
    explicit Search(Host& host) : host_(host), engine_(*host.engine_pid()) {}

    Found<EngineProcess> run() {
        const ProcessIndex& index = host_.process_index();
        found_.problems = index.problems;
        std::vector<world::Request> names;
        for (const std::int64_t pid : index.pids) names.push_back(world::file_at(fmt::format("/proc/{}/comm", pid)));
        const auto readings = host_.world().read_all(names);
        for (std::size_t i = 0; i < readings.size(); ++i) {
            if (readings[i]->unreadable()) found_.problems.push_back(problem_of(*readings[i]));
            const Role role = readings[i]->present() ? role_of(text::trim(readings[i]->bytes)) : Role::none;
            const std::int64_t pid = index.pids[i];
            if (pid != engine_ && (role == Role::none || in_a_container(pid))) continue;
            if (pid == engine_ || (role == Role::proxy ? is_descendant(pid) : is_in_engine_network(pid) && !is_of_another_engine(pid))) put(pid);
        }
        return std::move(found_);
    }

  private:
    // In a container that the engine itself is not in (an engine in a container is in that one's control group).
    bool in_a_container(std::int64_t pid) {
        const auto& of = host_.process_index().containers_of;
        const auto ids = of.find(pid);
        if (ids == of.end()) return false;
        const auto engines = of.find(engine_);
        return engines == of.end() || ids->second.size() > engines->second.size();
    }

    std::optional<ProcStatus> status(std::int64_t pid) {
        const auto reading = host_.world().read(world::file_at(fmt::format("/proc/{}/status", pid)));
        return parsed<ProcStatus>(*reading, parse_proc_status, found_.problems, Absent::is_nothing);
    }

    bool is_descendant(std::int64_t pid) {
        for (int i = 0; i < ancestors_max && pid > 1; ++i) {
            const auto one = status(pid);
            if (!one) return false;
            if (one->ppid == engine_) return true;
            pid = one->ppid;
        }
        return false;
    }

    // Engines may share a network namespace. A containerd of its own is dockerd's child; one that serves several engines is init's.
    bool is_of_another_engine(std::int64_t pid) {
        for (int i = 0; i < ancestors_max && pid > 1 && pid != engine_; ++i) {
            const auto one = status(pid);
            if (!one) return false;
            if (one->name == "dockerd") return true;
            pid = one->ppid;
        }
        return false;
    }

    std::optional<std::int64_t> network(std::int64_t pid) {
        const auto namespaces = parsed<Namespaces>(*host_.world().read(world::namespaces_of(pid)), parse_namespaces, found_.problems, Absent::is_nothing);
        if (!namespaces || !namespaces->contains("net")) return std::nullopt;
        return namespaces->at("net");
    }

    bool is_in_engine_network(std::int64_t pid) {
        const auto own = network(pid);
        return own && own == network(engine_);
    }

    void put(std::int64_t pid) {
        const auto one = status(pid);
        const auto arguments = host_.world().read(world::file_at(fmt::format("/proc/{}/cmdline", pid)));
        if (arguments->unreadable()) found_.problems.push_back(problem_of(*arguments));
        if (!one || arguments->absent()) return;  // ended meanwhile
        EngineProcess process{pid, one->name, one->ppid, one->uid, parse_cmdline(arguments->bytes), {}, {}, arguments->locator};
        if (role_of(process.name) == Role::proxy) process.proxy = parse_proxy_arguments(process.cmdline);
        if (process.name.starts_with("containerd-shim")) process.container_id = argument(process.cmdline, "id");
        found_.items.push_back(std::move(process));
    }

    Host& host_;
    std::int64_t engine_;
    Found<EngineProcess> found_;
};

}  // namespace

ProxyArguments parse_proxy_arguments(const std::vector<std::string>& cmdline) {
    return {.protocol = argument(cmdline, "proto"),
            .host_ip = argument(cmdline, "host-ip"),
            .container_ip = argument(cmdline, "container-ip"),
            .host_port = text::to_integer(argument(cmdline, "host-port")),
            .container_port = text::to_integer(argument(cmdline, "container-port"))};
}

Found<EngineProcess> engine_processes(Host& host) {
    if (!host.engine_pid()) return {{}, {host.engine_problem()}};
    return Search(host).run();
}

}  // namespace bulkhead::host
