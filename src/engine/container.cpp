// SPDX-License-Identifier: Apache-2.0
#include "engine/container.h"

#include <algorithm>

#include "base/text.h"
#include "engine/container_parts.h"

namespace bulkhead::engine {

namespace {

std::string without_slash(std::string name) {
    if (name.starts_with('/')) name.erase(0, 1);
    return name;
}

// Names hold "/shop-web-1" and, for old links, "/other/alias": the container's own has one slash.
std::string own_name(const std::vector<std::string>& names) {
    const auto own = std::ranges::find_if(names, [](const std::string& name) { return std::ranges::count(name, '/') == 1; });
    if (own != names.end()) return without_slash(*own);
    return names.empty() ? std::string() : without_slash(names.front());
}

Result<ContainerSummary> summary_from(const json::Value& item) {
    auto id = identity(item);
    if (!id) return std::unexpected(id.error());
    ContainerSummary summary;
    summary.id = std::move(*id);
    summary.names = item["Names"].texts();
    summary.name = own_name(summary.names);
    summary.image = item["Image"].text_or();
    summary.image_id = item["ImageID"].text_or();
    summary.command = item["Command"].text_or();
    summary.state = item["State"].text_or();
    summary.status = item["Status"].text_or();
    summary.network_mode = item["HostConfig"]["NetworkMode"].text_or();
    summary.created = item["Created"].integer_or(0);
    summary.labels = text_map(item["Labels"]);
    return summary;
}

void read_state(const json::Value& root, Container& container) {
    const json::Value state = root["State"];
    container.status = state["Status"].text_or();
    container.running = state["Running"].boolean_or(false);
    container.paused = state["Paused"].boolean_or(false);
    container.restarting = state["Restarting"].boolean_or(false);
    container.pid = state["Pid"].integer_or(0);
    container.exit_code = state["ExitCode"].integer();
    container.started_at = state["StartedAt"].text_or();
    container.finished_at = state["FinishedAt"].text_or();
    container.health = state["Health"]["Status"].text_or();
    container.restart_count = root["RestartCount"].integer_or(0);
}

void read_config(const json::Value& config, Container& container) {
    container.image = config["Image"].text_or();
    container.user = config["User"].text_or();
    container.entrypoint = config["Entrypoint"].texts();
    container.cmd = config["Cmd"].texts();
    container.shell = config["Shell"].texts();
    container.healthcheck_test = config["Healthcheck"]["Test"].texts();
    container.labels = text_map(config["Labels"]);
    container.env = read_env(config["Env"]);
}

void read_limits(const json::Value& host, Container& container) {
    container.pids_limit = host["PidsLimit"].integer();
    container.memory = host["Memory"].integer_or(0);
    container.memory_reservation = host["MemoryReservation"].integer_or(0);
    container.memory_swap = host["MemorySwap"].integer_or(0);
    container.nano_cpus = host["NanoCpus"].integer_or(0);
    container.cpu_shares = host["CpuShares"].integer_or(0);
    container.cpu_quota = host["CpuQuota"].integer_or(0);
    container.cpu_period = host["CpuPeriod"].integer_or(0);
    container.cpuset_cpus = host["CpusetCpus"].text_or();
    container.restart_policy = host["RestartPolicy"]["Name"].text_or();
    container.restart_max_retries = host["RestartPolicy"]["MaximumRetryCount"].integer_or(0);
    container.ulimits = host["Ulimits"].dump();
}

void read_host_config(const json::Value& host, Container& container) {
    container.privileged = host["Privileged"].boolean_or(false);
    container.readonly_rootfs = host["ReadonlyRootfs"].boolean_or(false);
    container.publish_all = host["PublishAllPorts"].boolean_or(false);
    container.security_opt = host["SecurityOpt"].texts();
    container.cap_add = host["CapAdd"].texts();
    container.cap_drop = host["CapDrop"].texts();
    container.network_mode = host["NetworkMode"].text_or();
    container.pid_mode = host["PidMode"].text_or();
    container.ipc_mode = host["IpcMode"].text_or();
    container.uts_mode = host["UTSMode"].text_or();
    container.userns_mode = host["UsernsMode"].text_or();
    container.cgroup_parent = host["CgroupParent"].text_or();
    container.cgroupns_mode = host["CgroupnsMode"].text_or();
    container.devices = host["Devices"].dump();
    container.sysctls = host["Sysctls"].dump();
    container.log_driver = host["LogConfig"]["Type"].text_or();
    container.runtime = host["Runtime"].text_or();
    container.masked_paths = host["MaskedPaths"].texts();
    container.readonly_paths = host["ReadonlyPaths"].texts();
    container.group_add = host["GroupAdd"].texts();
    read_limits(host, container);
}

}  // namespace

// moby daemon/health.go: a CMD-SHELL test runs by Config.Shell, else "/bin/sh -c"; the event's action is the entrypoint, a blank,
// and the arguments joined by blanks.
std::string Container::healthcheck_command() const {
    if (healthcheck_test.size() < 2) return {};
    std::vector<std::string> words;
    if (healthcheck_test.front() == "CMD-SHELL") {
        words = shell.empty() ? std::vector<std::string>{"/bin/sh", "-c"} : shell;
    } else if (healthcheck_test.front() != "CMD") {
        return {};
    }
    words.insert(words.end(), healthcheck_test.begin() + 1, healthcheck_test.end());
    return text::join(words, " ");
}

Result<std::vector<ContainerSummary>> parse_container_list(std::string_view bytes) { return parse_list<ContainerSummary>(bytes, summary_from); }

Result<Container> parse_container(std::string_view bytes) {
    const auto document = parse_object(bytes);
    if (!document) return std::unexpected(document.error());
    const json::Value root = document->root();
    auto id = identity(root);
    if (!id) return std::unexpected(id.error());
    if (!root["State"].is_object() || !root["HostConfig"].is_object() || !root["Config"].is_object()) {
        return fail(Code::corrupt, "a container without State, HostConfig or Config");
    }
    Container container;
    container.id = std::move(*id);
    container.names = {root["Name"].text_or()};
    container.name = without_slash(container.names.front());
    container.image_id = root["Image"].text_or();
    container.path = root["Path"].text_or();
    container.args = root["Args"].texts();
    container.created = root["Created"].text_or();
    read_state(root, container);
    read_config(root["Config"], container);
    read_host_config(root["HostConfig"], container);
    container.apparmor_profile = root["AppArmorProfile"].text_or();
    container.mount_label = root["MountLabel"].text_or();
    container.process_label = root["ProcessLabel"].text_or();
    container.sandbox_key = root["NetworkSettings"]["SandboxKey"].text_or();
    container.exec_ids = root["ExecIDs"].texts();
    std::erase_if(container.exec_ids, [](const std::string& exec) { return !is_plain_id(exec); });
    container.declared_ports = read_declared_ports(root);
    container.configured_ports = read_configured_ports(root);
    container.mounts = read_mounts(root);
    container.endpoints = read_endpoints(root["NetworkSettings"]["Networks"]);
    return container;
}

}  // namespace bulkhead::engine
