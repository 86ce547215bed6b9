// SPDX-License-Identifier: Apache-2.0
#include "host/dockerd_settings.h"

#include <algorithm>

namespace bulkhead::host {

namespace {

using enum SettingKind;

constexpr SettingInfo settings[] = {
    {.name = "allow-direct-routing", .kind = boolean, .default_json = "false", .note = "since 28"},
    {.name = "allow-nondistributable-artifacts", .kind = list, .default_json = "[]", .note = "until 27"},
    {.name = "api-cors-header", .default_json = R"("")", .note = "until 27"},
    {.name = "authorization-plugins", .kind = list, .default_json = "[]", .flag = "authorization-plugin"},
    {.name = "bip", .default_json = R"("")"},
    {.name = "bip6", .default_json = R"("")", .note = "since 28"},
    {.name = "bridge", .default_json = R"("")", .short_flag = 'b', .note = "empty: docker0; none: no default bridge"},
    {.name = "bridge-accept-fwmark", .default_json = R"("")", .note = "since 28"},
    {.name = "builder", .kind = map, .default_json = "{}", .note = "file only"},
    {.name = "cdi-spec-dirs",
     .kind = list,
     .default_json = R"(["/etc/cdi","/var/run/cdi"])",
     .flag = "cdi-spec-dir",
     .since_major = 28,
     .default_before = "[]"},
    {.name = "cgroup-parent", .default_json = R"("")"},
    {.name = "cluster-advertise", .default_json = R"("")", .note = "until 20.10"},
    {.name = "cluster-store", .default_json = R"("")", .note = "until 20.10"},
    {.name = "cluster-store-opts", .kind = map, .default_json = "{}", .flag = "cluster-store-opt", .note = "until 20.10"},
    {.name = "config-file", .default_json = R"("/etc/docker/daemon.json")", .note = "flag only; of a rootless engine below its user's home"},
    {.name = "containerd", .default_json = R"("")", .note = "empty: the system's containerd, else one of its own"},
    {.name = "containerd-namespace", .default_json = R"("moby")"},
    {.name = "containerd-plugins-namespace", .default_json = R"("plugins.moby")"},
    {.name = "cpu-rt-period", .kind = integer, .default_json = "0"},
    {.name = "cpu-rt-runtime", .kind = integer, .default_json = "0"},
    {.name = "cri-containerd", .kind = boolean, .default_json = "false"},
    {.name = "data-root", .default_json = R"("/var/lib/docker")"},
    {.name = "debug", .kind = boolean, .default_json = "false", .short_flag = 'D'},
    {.name = "default-address-pools", .kind = list, .default_json = "[]", .flag = "default-address-pool", .note = "empty: the engine's built-in pools"},
    {.name = "default-cgroupns-mode", .default_json = "", .note = "private on cgroup v2, host on cgroup v1"},
    {.name = "default-gateway", .default_json = R"("")"},
    {.name = "default-gateway-v6", .default_json = R"("")"},
    {.name = "default-ipc-mode", .default_json = R"("private")"},
    {.name = "default-network-opts", .kind = map, .default_json = "{}", .flag = "default-network-opt", .note = "since 24"},
    {.name = "default-runtime", .default_json = R"("runc")"},
    {.name = "default-shm-size", .default_json = R"("64M")"},
    {.name = "default-ulimits", .kind = map, .default_json = "{}", .flag = "default-ulimit"},
    {.name = "dns", .kind = list, .default_json = "[]"},
    {.name = "dns-opts", .kind = list, .default_json = "[]", .flag = "dns-opt"},
    {.name = "dns-search", .kind = list, .default_json = "[]"},
    {.name = "exec-opts", .kind = list, .default_json = "[]", .flag = "exec-opt"},
    {.name = "exec-root", .default_json = R"("/var/run/docker")"},
    {.name = "experimental", .kind = boolean, .default_json = "false"},
    {.name = "features", .kind = map, .default_json = "{}", .flag = "feature"},
    {.name = "fixed-cidr", .default_json = R"("")"},
    {.name = "fixed-cidr-v6", .default_json = R"("")"},
    {.name = "group", .default_json = R"("docker")", .short_flag = 'G'},
    {.name = "host-gateway-ip", .default_json = R"("")", .note = "empty: the default bridge's address"},
    {.name = "hosts", .kind = list, .default_json = R"(["unix:///var/run/docker.sock"])", .flag = "host", .short_flag = 'H'},
    {.name = "http-proxy", .default_json = R"("")", .note = "since 23; in the file below proxies"},
    {.name = "https-proxy", .default_json = R"("")", .note = "since 23; in the file below proxies"},
    {.name = "icc", .kind = boolean, .default_json = "true"},
    {.name = "init", .kind = boolean, .default_json = "false"},
    {.name = "init-path", .default_json = R"("docker-init")"},
    {.name = "insecure-registries", .kind = list, .default_json = "[]", .flag = "insecure-registry", .note = "127.0.0.0/8 always is"},
    {.name = "ip", .default_json = R"("0.0.0.0")"},
    {.name = "ip-forward", .kind = boolean, .default_json = "true"},
    {.name = "ip-forward-no-drop", .kind = boolean, .default_json = "false", .note = "since 28"},
    {.name = "ip-masq", .kind = boolean, .default_json = "true"},
    {.name = "ip6tables", .kind = boolean, .default_json = "true", .since_major = 27, .default_before = "false"},
    {.name = "iptables", .kind = boolean, .default_json = "true"},
    {.name = "ipv6", .kind = boolean, .default_json = "false"},
    {.name = "labels", .kind = list, .default_json = "[]", .flag = "label"},
    {.name = "live-restore", .kind = boolean, .default_json = "false"},
    {.name = "log-driver", .default_json = R"("json-file")"},
    {.name = "log-format", .default_json = R"("text")", .note = "since 25"},
    {.name = "log-level", .default_json = R"("info")", .short_flag = 'l'},
    {.name = "log-opts", .kind = map, .default_json = "{}", .flag = "log-opt"},
    {.name = "max-concurrent-downloads", .kind = integer, .default_json = "3"},
    {.name = "max-concurrent-uploads", .kind = integer, .default_json = "5"},
    {.name = "max-download-attempts", .kind = integer, .default_json = "5"},
    {.name = "metrics-addr", .default_json = R"("")"},
    {.name = "mtu", .kind = integer, .default_json = "1500"},
    {.name = "network-control-plane-mtu", .kind = integer, .default_json = "1500"},
    {.name = "network-diagnostic-port", .kind = integer, .default_json = "0", .note = "file only"},
    {.name = "no-new-privileges", .kind = boolean, .default_json = "false"},
    {.name = "no-proxy", .default_json = R"("")", .note = "since 23; in the file below proxies"},
    {.name = "node-generic-resources", .kind = list, .default_json = "[]", .flag = "node-generic-resource"},
    {.name = "oom-score-adjust", .kind = integer, .default_json = "0", .since_major = 23, .default_before = "-500"},
    {.name = "pidfile", .default_json = R"("/var/run/docker.pid")", .short_flag = 'p'},
    {.name = "raw-logs", .kind = boolean, .default_json = "false"},
    {.name = "registry-mirrors", .kind = list, .default_json = "[]", .flag = "registry-mirror"},
    {.name = "rootless", .kind = boolean, .default_json = "false", .note = "flag only"},
    {.name = "runtimes", .kind = map, .default_json = "{}", .flag = "add-runtime", .note = "runc always is; may be in the file and a flag at once"},
    {.name = "seccomp-profile", .default_json = R"("builtin")", .since_major = 23, .default_before = R"("")", .note = "empty is the built-in profile too"},
    {.name = "selinux-enabled", .kind = boolean, .default_json = "false"},
    {.name = "shutdown-timeout", .kind = integer, .default_json = "15"},
    {.name = "storage-driver", .default_json = R"("")", .short_flag = 's', .note = "empty: the engine chooses"},
    {.name = "storage-opts", .kind = list, .default_json = "[]", .flag = "storage-opt"},
    {.name = "swarm-default-advertise-addr", .default_json = R"("")"},
    {.name = "tls", .kind = boolean, .default_json = "false", .note = "implied by tlsverify"},
    {.name = "tlscacert", .default_json = R"("~/.docker/ca.pem")"},
    {.name = "tlscert", .default_json = R"("~/.docker/cert.pem")"},
    {.name = "tlskey", .default_json = R"("~/.docker/key.pem")"},
    {.name = "tlsverify",
     .kind = boolean,
     .default_json = "false",
     .note = "DOCKER_TLS_VERIFY in the engine's environment turns it on; environments are never read"},
    {.name = "userland-proxy", .kind = boolean, .default_json = "true"},
    {.name = "userland-proxy-path", .default_json = R"("")", .note = "empty: docker-proxy"},
    {.name = "userns-remap", .default_json = R"("")"},
    {.name = "validate", .kind = boolean, .default_json = "false", .note = "flag only"},
};

template <class Matches>
const SettingInfo* find(Matches matches) {
    const auto* found = std::ranges::find_if(settings, matches);
    return found == std::end(settings) ? nullptr : found;
}

}  // namespace

std::optional<std::string> SettingInfo::default_for(std::optional<int> engine_major) const {
    if (default_json.empty() || (since_major != 0 && !engine_major)) return std::nullopt;
    return std::string(since_major != 0 && *engine_major < since_major ? default_before : default_json);
}

std::span<const SettingInfo> dockerd_settings() { return settings; }

const SettingInfo* setting_by_flag(std::string_view flag) {
    return find([&](const SettingInfo& setting) { return setting.flag_name() == flag; });
}

const SettingInfo* setting_by_short_flag(char flag) {
    return flag == 0 ? nullptr : find([&](const SettingInfo& setting) { return setting.short_flag == flag; });
}

const SettingInfo* setting_by_name(std::string_view name) {
    return find([&](const SettingInfo& setting) { return setting.name == name; });
}

}  // namespace bulkhead::host
