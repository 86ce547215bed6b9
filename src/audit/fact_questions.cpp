// SPDX-License-Identifier: Apache-2.0
// What a diff of two snapshots compares beside results: one question for each kind of thing that people change. The key is a name, for ids
// differ whenever something is made anew; counters, times and process numbers are left out, for they always differ.
#include "audit/snapshot_diff.h"

namespace bulkhead::audit {

const std::vector<FactQuestion>& fact_questions() {
    static const std::vector<FactQuestion> questions = {
        {"engine",
         "select 'engine', server_version, operating_system, kernel_version, driver, docker_root_dir, security_options, live_restore_enabled, "
         "logging_driver, cgroup_driver, cgroup_version, default_runtime, registry_config, swarm_state, swarm_manager, experimental_build, "
         "http_proxy, https_proxy, no_proxy from docker_info"},
        {"engine settings", "select name, value, source, conflict from dockerd_config"},
        {"plugins", "select name, enabled, reference from docker_plugin"},
        {"containers",
         "select container_name, image, image_id, state, health, user, command, privileged, readonly_rootfs, security_opt, cap_add, cap_drop, "
         "apparmor_profile, network_mode, pid_mode, ipc_mode, uts_mode, userns_mode, cgroupns_mode, cgroup_parent, runtime, publish_all, memory, pids_limit, "
         "nano_cpus, cpu_shares, ulimits, devices, sysctls, group_add, restart_policy, restart_max_retries, log_driver, labels from docker_container"},
        {"published ports",
         "select container_name || ':' || coalesce(host_ip, '') || ':' || coalesce(host_port, '') || '->' || container_port || '/' || protocol "
         "from docker_container_port where published group by 1"},
        {"mounts",
         "select container_name || ':' || destination, type, iif(type = 'volume' and name regexp '^[0-9a-f]{64}$', 'without a name', "
         "coalesce(nullif(name, ''), source)) as source, rw, propagation, driver from docker_container_mount"},
        {"environment variables", "select container_name || ':' || key, value from docker_container_env"},
        {"endpoints", "select container_name || ' in ' || network_name, driver_opts from docker_container_endpoint"},
        {"networks", "select name, driver, scope, internal, attachable, ingress, enable_ipv6, subnets, options, icc, encrypted, labels from docker_network"},
        {"volumes", "select name, driver, scope, options, labels from docker_volume"},
        {"images", "select t.value, i.id, i.user, i.entrypoint, i.cmd, i.exposed_ports, i.env_names from docker_image i, json_each(i.repo_tags) t"},
        {"services",
         "select name, image, mode, replicas, ports, networks, env_names, secrets, configs, user, readonly_rootfs, cap_add, cap_drop, mounts, constraints, "
         "memory_limit, nano_cpus_limit, pids_limit, log_driver, labels from docker_service"},
        {"nodes", "select hostname, role, availability, state, engine_version, addr from docker_node"},
        {"secrets", "select name, driver, updated_at from docker_secret"},
        {"configs", "select name, updated_at from docker_config"},
        {"swarm",
         "select 'swarm', autolock_managers, node_cert_expiry_ns, external_cas, root_not_after_ms, data_path_port, default_addr_pool from docker_swarm"},
        {"listeners in containers",
         "select container_name || ' ' || protocol || ' ' || local_address || ':' || local_port, group_concat(distinct process_name) as processes from "
         "(select * from container_socket where listening order by process_name) group by 1"},
        {"firewall chains", "select family || ' ' || variant || ' ' || table_name || ' ' || chain, hook, type, priority, policy from firewall_chain"},
        {"firewall rules",
         "select family || ' ' || variant || ' ' || table_name || ' ' || chain || ': ' || iif(variant = 'native', matches || ' ' || coalesce(target, '') || "
         "coalesce(target_args, ''), text) from firewall_rule order by family, variant, table_name, chain, position"},
        {"kernel settings", "select name, value from host_sysctl union all select name, value from host_kernel_setting"},
        {"security modules", "select name, state from host_security_module"},
        {"files of the engine", "select thing || ' ' || path, is_there, type, mode, owner, group_name, acl from docker_host_path"},
        {"audit rules", "select text from audit_rule order by position"},
    };
    return questions;
}

}  // namespace bulkhead::audit
