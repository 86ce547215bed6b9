-- SPDX-License-Identifier: Apache-2.0
-- The tables of Steampipe's docker plugin, columns in its order and of its types, over ours, so that queries written for its SQLite form run.
-- All of them have names of ours, so they take the place of ours, where this dialect is asked for. What bulkhead does not read is null.
-- The form of the file: views/osquery.sql.

create temp view docker_container as
select c.id, c.names, c.image, c.image_id, c.command, c.created,
       (select json_group_array(json(json_patch('{}', json_object('IP', nullif(p.host_ip, ''), 'PrivatePort', p.port,
                                                                  'PublicPort', nullif(p.host_port, 0), 'Type', p.type))))
        from docker_container_port as p where p.container_id = c.id and p.layer = 'configured') as ports,
       null as size_rw, null as size_root_fs, c.labels, c.state,
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
       c.host_config, c.network_settings, c.mounts, c.config, c.inspect
from main.docker_container as c;

create temp view docker_image as
select id, created_at as created, labels, parent_id, repo_digests, repo_tags, size, virtual_size
from main.docker_image;

create temp view docker_network as
select id, name, created, scope, driver, enable_ipv6, ipam, internal, attachable, ingress,
       json_object('Network', coalesce(config_from, '')) as config_from, config_only, containers, options, labels, peers, services
from main.docker_network;

create temp view docker_volume as
select name, driver, created, labels, mountpoint, options, scope, status, usage_data
from main.docker_volume;

create temp view docker_info as
select i.architecture, i.bridge_nf_ip6_tables, i.bridge_nf_ip_tables, i.cgroup_driver, i.cgroup_version, i.containerd_commit, i.containers,
       i.containers_paused, i.containers_running, i.containers_stopped, i.cpu_cfs_period, i.cpu_cfs_quota, i.cpu_set, i.cpu_shares, i.debug,
       i.default_address_pools, i.default_runtime, i.docker_root_dir, i.driver,
       (select json_group_object(pair.value ->> 0, pair.value ->> 1) from json_each(i.driver_status) as pair) as driver_status,
       i.experimental_build, null as generic_resources, i.http_proxy, i.https_proxy, i.id, i.images, i.index_server_address, i.init_binary,
       i.init_commit, i.ipv4_forwarding, null as isolation, i.kernel_memory, i.kernel_version, i.labels, i.live_restore_enabled,
       i.logging_driver, i.mem_total, i.memory_limit, cast(i.n_cpu as text) as n_cpu, cast(i.n_events_listener as text) as n_events_listener,
       i.n_fd, i.n_goroutines, i.name, i.no_proxy, i.oom_kill_disable, i.operating_system, i.os_type, i.os_version, i.pids_limit, i.plugins,
       null as product_license, i.registry_config, i.runc_commit, i.runtimes, i.security_options, i.server_version, i.swap_limit, i.swarm,
       null as system_status, i.system_time, i.warnings
from main.docker_info as i;

create temp view dockerfile_instruction as
select d.path, d.stage, d.instruction, d.data, d.args, d.end_line,
       (select json_group_array('--' || (f.value ->> 'name') || coalesce('=' || nullif(f.value ->> 'value', ''), '')) from json_each(d.flags) as f) as flags,
       (with recursive line(number, text, rest) as (
            select 0, '', d.prev_comment || char(10)
            union all
            select number + 1, substr(rest, 1, instr(rest, char(10)) - 1), substr(rest, instr(rest, char(10)) + 1) from line where rest <> '')
        select json_group_array(text) from line where number > 0) as prev_comment,
       d.source, d.stage_number, d.start_line, d.sub_instruction
from main.dockerfile_instruction as d;
