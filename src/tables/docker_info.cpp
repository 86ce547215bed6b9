// SPDX-License-Identifier: Apache-2.0
// docker_info: one row, what the engine says of itself and its host. Columns of Steampipe's docker_info.
#include "tables/docker_rows.h"
#include "world/redact.h"

namespace bulkhead::tables {

using engine::Info;

namespace {

using Columns = std::vector<Column<Info>>;

auto text_at(const char* key) {
    return [key](const Info& row) { return cell(row.document->root()[key].text()); };
}
auto integer_at(const char* key) {
    return [key](const Info& row) { return cell(row.document->root()[key].integer()); };
}
auto flag_at(const char* key) {
    return [key](const Info& row) { return cell(row.document->root()[key].boolean()); };
}
auto json_at(const char* key) {
    return [key](const Info& row) {
        const json::Value value = row.document->root()[key];
        return value.is_null() ? Cell{} : cell(value.dump());
    };
}
auto url_at(const char* key) {
    return [key](const Info& row) { return cell(world::redact_text(row.document->root()[key].text_or())); };
}
auto commit_at(const char* key) {
    return [key](const Info& row) { return cell(row.document->root()[key]["ID"].text()); };
}

Columns engine_columns() {
    return {
        {"id", Type::text, "of the engine", of(&Info::id)},
        {"name", Type::text, "host name of the engine", of(&Info::name)},
        {"server_version", Type::text, "version", of(&Info::server_version)},
        {"containers", Type::integer, "containers", integer_at("Containers")},
        {"containers_running", Type::integer, "running", integer_at("ContainersRunning")},
        {"containers_paused", Type::integer, "paused", integer_at("ContainersPaused")},
        {"containers_stopped", Type::integer, "stopped", integer_at("ContainersStopped")},
        {"images", Type::integer, "images", integer_at("Images")},
        {"driver", Type::text, "storage driver", of(&Info::driver)},
        {"driver_status", Type::json, "of the storage driver", json_at("DriverStatus")},
        {"docker_root_dir", Type::text, "where the engine keeps its data", of(&Info::docker_root_dir)},
        {"plugins", Type::json, "by kind: Volume, Network, Authorization, Log", json_at("Plugins")},
        {"security_options", Type::json, "seccomp, apparmor, selinux, userns, rootless, cgroupns", of(&Info::security_options)},
        {"live_restore_enabled", Type::boolean, "containers survive the engine", flag_at("LiveRestoreEnabled")},
        {"logging_driver", Type::text, "default log driver", of(&Info::logging_driver)},
        {"cgroup_driver", Type::text, "cgroupfs or systemd", of(&Info::cgroup_driver)},
        {"cgroup_version", Type::text, "1 or 2", of(&Info::cgroup_version)},
        {"default_runtime", Type::text, "OCI runtime", of(&Info::default_runtime)},
        {"runtimes", Type::json, "OCI runtimes", json_at("Runtimes")},
        {"init_binary", Type::text, "docker-init", text_at("InitBinary")},
        {"containerd_commit", Type::text, "version of containerd", commit_at("ContainerdCommit")},
        {"runc_commit", Type::text, "version of runc", commit_at("RuncCommit")},
        {"init_commit", Type::text, "version of docker-init", commit_at("InitCommit")},
        {"debug", Type::boolean, "debug mode", flag_at("Debug")},
        {"experimental_build", Type::boolean, "experimental features on", flag_at("ExperimentalBuild")},
        {"warnings", Type::json, "of the engine", of(&Info::warnings)},
        {"labels", Type::json, "labels of the engine", json_at("Labels")},
        {"registry_config", Type::json, "registries, insecure ones and mirrors", json_at("RegistryConfig")},
        {"index_server_address", Type::text, "default registry", text_at("IndexServerAddress")},
        {"default_address_pools", Type::json, "where subnets are taken from", json_at("DefaultAddressPools")},
        {"http_proxy", Type::text, "proxy of the engine, without credentials", url_at("HttpProxy")},
        {"https_proxy", Type::text, "proxy of the engine, without credentials", url_at("HttpsProxy")},
    };
}

Columns host_columns() {
    return {
        {"operating_system", Type::text, "of the host", of(&Info::operating_system)},
        {"os_type", Type::text, "linux or windows", of(&Info::os_type)},
        {"os_version", Type::text, "of the host", text_at("OSVersion")},
        {"architecture", Type::text, "of the host", of(&Info::architecture)},
        {"kernel_version", Type::text, "of the host", of(&Info::kernel_version)},
        {"n_cpu", Type::integer, "CPUs", integer_at("NCPU")},
        {"mem_total", Type::integer, "bytes", integer_at("MemTotal")},
        {"memory_limit", Type::boolean, "memory can be limited", flag_at("MemoryLimit")},
        {"swap_limit", Type::boolean, "swap can be limited", flag_at("SwapLimit")},
        {"kernel_memory", Type::boolean, "kernel memory can be limited", flag_at("KernelMemory")},
        {"pids_limit", Type::boolean, "processes can be limited", flag_at("PidsLimit")},
        {"cpu_cfs_period", Type::boolean, "supported", flag_at("CpuCfsPeriod")},
        {"cpu_cfs_quota", Type::boolean, "supported", flag_at("CpuCfsQuota")},
        {"cpu_shares", Type::boolean, "supported", flag_at("CPUShares")},
        {"cpu_set", Type::boolean, "supported", flag_at("CPUSet")},
        {"oom_kill_disable", Type::boolean, "supported", flag_at("OomKillDisable")},
        {"ipv4_forwarding", Type::boolean, "the host forwards IPv4", flag_at("IPv4Forwarding")},
        {"bridge_nf_ip_tables", Type::boolean, "bridged IPv4 passes iptables", flag_at("BridgeNfIptables")},
        {"bridge_nf_ip6_tables", Type::boolean, "bridged IPv6 passes ip6tables", flag_at("BridgeNfIp6tables")},
        {"n_fd", Type::integer, "open files of the engine", integer_at("NFd")},
        {"n_goroutines", Type::integer, "goroutines of the engine", integer_at("NGoroutines")},
        {"n_events_listener", Type::integer, "who listens to events", integer_at("NEventsListener")},
        {"system_time", Type::text, "the engine's clock", text_at("SystemTime")},
        {"no_proxy", Type::text, "hosts reached without proxy", text_at("NoProxy")},
        {"swarm", Type::json, "state of swarm mode", json_at("Swarm")},
        {"swarm_state", Type::text, "inactive, pending, active, error, locked", [](const Info& row) { return cell(row.swarm.local_node_state); }},
        {"swarm_manager", Type::boolean, "this node is a manager", [](const Info& row) { return cell(row.swarm.control_available); }},
        {"swarm_node_id", Type::text, "this node in the swarm", [](const Info& row) { return text_or_null(row.swarm.node_id); }},
        {"swarm_node_addr", Type::text, "address it advertises", [](const Info& row) { return text_or_null(row.swarm.node_addr); }},
        {"locator", Type::text, std::string(locator_help), [](const Info& row) { return row.source ? cell(row.source->locator) : Cell{}; }},
    };
}

}  // namespace

Table docker_info() {
    auto columns = engine_columns();
    for (auto& column : host_columns()) columns.push_back(std::move(column));
    return make_table<Info>({
        .name = "docker_info",
        .help = "The engine and its host, by the engine's word. One row.",
        .columns = std::move(columns),
        .examples = {"select server_version, cgroup_version, security_options from docker_info"},
        .rows = [](Scan& scan) { return items_of(scan, scan.facts().engine.info()); },
    });
}

}  // namespace bulkhead::tables
