-- SPDX-License-Identifier: Apache-2.0
-- Does a mount of a container lead to the control socket of the engine or of containerd?
with reach as materialized (
  select container_id, socket, api, mount_point, is_read_only, is_direct, is_hidden, layer, locator from container_engine_socket
),
mounts as materialized (select container_id, count(*) as mounts, max(locator) as locator from container_mount group by container_id),
purpose as materialized (select container_id, value from docker_container_label where key = 'io.bulkhead.engine-socket'),
worst as (
  select *, count(*) over (partition by container_id) as paths, row_number() over (partition by container_id order by is_hidden, not is_direct, api desc, mount_point) as place from reach
)
select
  c.id as resource, c.name as resource_name,
  case
    when w.container_id is null and c.pid > 0 and m.mounts is null then 'unknown'
    when w.container_id is null then 'ok'
    when w.is_hidden then 'info'
    when p.value in ('monitoring', 'administration') then 'info'
    else 'alarm'
  end as status,
  case
    when w.container_id is null and c.pid > 0 and m.mounts is null then 'The mounts of this running container could not be seen.'
    when w.container_id is null then iif(c.pid > 0, 'None of its ' || m.mounts || ' mounts leads to the socket of the engine or of containerd.',
      'Not running; none of its configured mounts leads to the socket of the engine or of containerd.')
    when w.is_hidden then 'The ' || w.api || ' socket lies under ' || w.mount_point || ', but another mount on top hides it.'
    else iif(c.pid > 0, 'The ', 'Not running; the ') || w.api || ' socket ' || w.socket || ' is mounted at ' || w.mount_point
      || iif(w.is_direct, '', ', with the folder that holds it') || iif(w.is_read_only, ', read-only, which does not restrict the API', '')
      || iif(p.value in ('monitoring', 'administration'), '; declared as ' || p.value || '.', '.')
  end as reason,
  case when p.value in ('monitoring', 'administration') and w.container_id is not null then 'declared' when c.pid > 0 then 'observed' else 'configured' end as layer,
  json_array(
    (select json_group_array(evidence(locator, mount_point || ' leads to ' || socket)) from (select * from reach r where r.container_id = c.id order by is_hidden, mount_point limit 20)),
    evidence(m.locator, m.mounts || ' mounts'), evidence(c.locator, coalesce('label io.bulkhead.engine-socket=' || p.value, 'no label io.bulkhead.engine-socket'))) as evidence,
  w.api as api, w.socket as socket, w.mount_point as mount_point, w.is_read_only as read_only, p.value as purpose
from docker_container c
left join mounts m on m.container_id = c.id
left join purpose p on p.container_id = c.id
left join worst w on w.container_id = c.id and w.place = 1
