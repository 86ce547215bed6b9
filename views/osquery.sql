-- SPDX-License-Identifier: Apache-2.0
-- The names and columns of osquery's docker_* tables over ours, so that queries written for osquery run. Names of containers begin with a slash,
-- ids of images do without "sha256:", times are unix seconds and lists are joined text, as there. What bulkhead does not read is null.
-- Two of osquery's tables are not here, as nothing reads what they tell: docker_container_fs_changes and docker_container_stats.
-- Each statement begins with a line "create temp view NAME as" and ends with a semicolon at the end of a line (src/sql/views.h).

create temp view docker_container_envs as
select container_id as id, key, value
from docker_container_env;

create temp view docker_container_labels as
select container_id as id, key, value
from docker_container_label;

create temp view docker_container_mounts as
select container_id as id, type, coalesce(name, '') as name, source, destination, coalesce(driver, '') as driver, mode, rw, propagation
from docker_container_mount;

create temp view docker_container_networks as
select container_id as id, network_name as name, network_id, endpoint_id, gateway, ip_address, ip_prefix_len, ipv6_gateway, ipv6_address,
       ipv6_prefix_len, mac_address
from docker_container_endpoint;

create temp view docker_container_ports as
select container_id as id, type, port, coalesce(host_ip, '') as host_ip, coalesce(host_port, 0) as host_port
from docker_container_port
where layer = 'configured';

-- From the host's /proc and not from the engine's `top`: without what only ps reckons.
create temp view docker_container_processes as
select container_id as id, pid, name, cmdline, state, uid, gid, euid, egid, null as suid, null as sgid, null as wired_size, null as resident_size,
       null as total_size, null as start_time, ppid as parent, null as pgroup, null as threads, null as nice, null as user, null as time,
       null as cpu, null as mem
from container_process;

create temp view docker_containers as
select c.id, '/' || c.name as name, c.image,
       case when c.image_id like 'sha256:%' then substr(c.image_id, 8) else c.image_id end as image_id,
       c.command, cast(strftime('%s', c.created) as integer) as created, c.state,
       -- The engine's own words count the time since, as of when it is asked.
       case c.state
           when 'running' then 'Up since ' || c.started_at || iif(c.health is null, '', ' (' || c.health || ')')
           when 'paused' then 'Up since ' || c.started_at || ' (Paused)'
           when 'restarting' then 'Restarting (' || c.exit_code || ') since ' || c.finished_at
           when 'exited' then 'Exited (' || c.exit_code || ') at ' || c.finished_at
           when 'created' then 'Created'
           when 'removing' then 'Removal In Progress'
           when 'dead' then 'Dead'
           else c.state
       end as status,
       c.pid, c.path,
       coalesce((select group_concat(value, ', ') from json_each(c.config_entrypoint)), '') as config_entrypoint,
       c.started_at, iif(c.state = 'running', '', c.finished_at) as finished_at, c.privileged,
       coalesce((select group_concat(value, ', ') from json_each(c.security_options)), '') as security_options,
       -- Names alone where values were not asked for.
       coalesce((select group_concat(e.key || coalesce('=' || e.value, ''), ', ') from docker_container_env as e where e.container_id = c.id), '')
           as env_variables,
       c.readonly_rootfs,
       (select cast(n.inode as text) from container_namespace as n where n.container_id = c.id and n.type = 'cgroup') as cgroup_namespace,
       (select cast(n.inode as text) from container_namespace as n where n.container_id = c.id and n.type = 'ipc') as ipc_namespace,
       (select cast(n.inode as text) from container_namespace as n where n.container_id = c.id and n.type = 'mnt') as mnt_namespace,
       (select cast(n.inode as text) from container_namespace as n where n.container_id = c.id and n.type = 'net') as net_namespace,
       (select cast(n.inode as text) from container_namespace as n where n.container_id = c.id and n.type = 'pid') as pid_namespace,
       (select cast(n.inode as text) from container_namespace as n where n.container_id = c.id and n.type = 'user') as user_namespace,
       (select cast(n.inode as text) from container_namespace as n where n.container_id = c.id and n.type = 'uts') as uts_namespace
from docker_container as c;

create temp view docker_image_history as
select replace(h.image_id, 'sha256:', '') as id, h.created, h.size, h.created_by,
       coalesce((select group_concat(value, ',') from json_each(h.tags)), '') as tags, h.comment
from main.docker_image_history as h;

create temp view docker_image_labels as
select replace(i.id, 'sha256:', '') as id, label.key, label.value
from docker_image as i, json_each(i.labels) as label;

create temp view docker_image_layers as
select replace(i.id, 'sha256:', '') as id, replace(layer.value, 'sha256:', '') as layer_id, layer.key + 1 as layer_order
from docker_image as i, json_each(i.layers) as layer;

create temp view docker_images as
select replace(i.id, 'sha256:', '') as id, i.created, i.size as size_bytes,
       coalesce((select group_concat(value, ',') from json_each(i.repo_tags)), '') as tags
from docker_image as i;

create temp view docker_info as
select id, containers, containers_running, containers_paused, containers_stopped, images, driver as storage_driver, memory_limit, swap_limit,
       kernel_memory, cpu_cfs_period, cpu_cfs_quota, cpu_shares, cpu_set, ipv4_forwarding, bridge_nf_ip_tables as bridge_nf_iptables,
       bridge_nf_ip6_tables as bridge_nf_ip6tables, oom_kill_disable, logging_driver, cgroup_driver, kernel_version, operating_system as os,
       os_type, architecture, n_cpu as cpus, mem_total as memory, http_proxy, https_proxy, no_proxy, name, server_version,
       docker_root_dir as root_dir
from main.docker_info;

create temp view docker_network_labels as
select n.id, label.key, label.value
from docker_network as n, json_each(n.labels) as label;

create temp view docker_networks as
select id, name, driver, cast(strftime('%s', created) as integer) as created, enable_ipv6, coalesce(subnet, '') as subnet,
       coalesce(gateway, '') as gateway
from docker_network;

create temp view docker_version as
select version, api_version, min_api_version, git_commit, go_version, os, arch, kernel_version, build_time
from main.docker_version;

create temp view docker_volume_labels as
select v.name, label.key, label.value
from docker_volume as v, json_each(v.labels) as label;

create temp view docker_volumes as
select name, driver, mountpoint as mount_point, coalesce(json_extract(options, '$.type'), '') as type
from docker_volume;
