-- SPDX-License-Identifier: Apache-2.0
-- Does every process of a container run as another user than root, once it has started? By the effective ids that the kernel tells.
with process as materialized (
  -- An id without a name inside the container (its user namespace does not map it) is judged as the host sees it.
  select container_id, pid, name, uid, euid, container_uid, container_euid, age_ms, locator, coalesce(container_euid, euid) = 0 as is_root,
    'effective user ' || coalesce(container_euid, euid || ' of the host') as user_text
  from container_process where state not in ('Z', 'X')
),
seen as (
  select container_id, count(*) as processes, sum(is_root) as roots, sum(is_root and age_ms >= 60000) as old_roots,
    sum(is_root and age_ms is null) as undated_roots, group_concat(distinct coalesce(container_euid, euid || ' of the host')) as users
  from process group by container_id
),
worst as (
  select container_id, pid, name, uid, container_uid, age_ms,
    row_number() over (partition by container_id order by is_root desc, coalesce(age_ms, 0) desc, pid) as place
  from process
)
select
  c.id as resource, c.name as resource_name,
  case
    when c.pid = 0 then 'unknown'
    when s.processes is null then 'unknown'
    when s.old_roots > 0 then 'alarm'
    when s.undated_roots > 0 then 'unknown'
    when s.roots > 0 then 'info'
    else 'ok'
  end as status,
  case
    when c.pid = 0 then 'Not running: only the configured user is known, ' || coalesce(nullif(c.user, ''), 'none, which means root') || '.'
    when s.processes is null then 'No process of this running container could be seen.'
    when s.old_roots > 0 then iif(s.processes = 1, 'Its one process runs as root: ', s.roots || ' of ' || s.processes || ' processes run as root: ') || w.name || ' (process ' || w.pid || ')'
      || case when w.container_uid <> 0 then ' became root by a set-user-id program' else '' end || ' for ' || (w.age_ms / 1000) || ' s.'
    when s.undated_roots > 0 then w.name || ' (process ' || w.pid || ') runs as root; since when could not be read.'
    when s.roots > 0 then s.roots || ' of ' || s.processes || ' processes run' || iif(s.processes = 1, 's', '') || ' as root, none for longer than 60 s: ' || w.name || ' (process ' || w.pid
      || ') for ' || (w.age_ms / 1000) || ' s.'
    when s.processes = 1 then 'Its one process runs as user ' || s.users || '.'
    else 'All ' || s.processes || ' processes run as user ' || replace(s.users, ',', ', ') || '.'
  end as reason,
  case when c.pid = 0 then 'configured' else 'observed' end as layer,
  json_array(
    (select json_group_array(evidence(locator, name || ' (process ' || pid || '): ' || user_text))
       from (select * from process p where p.container_id = c.id order by is_root desc, coalesce(age_ms, 0) desc, pid limit 20)),
    evidence(c.locator, 'Config.User is ' || coalesce(nullif(c.user, ''), 'empty'))) as evidence,
  s.processes as processes, s.roots as root_processes, w.pid as pid, w.name as process, c.user as configured_user
from docker_container c
left join seen s on s.container_id = c.id
left join worst w on w.container_id = c.id and w.place = 1
