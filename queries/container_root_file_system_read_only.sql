-- SPDX-License-Identifier: Apache-2.0
-- Is the root file system of each container mounted read-only?
with root as materialized (
  select container_id, min(read_only) as is_read_only, max(type) as fs_type, max(options) as options, max(locator) as locator
  from container_mount where mount_point = '/' group by container_id
)
select
  c.id as resource, c.name as resource_name,
  case
    when c.pid > 0 and r.locator is null then 'unknown'
    when c.pid > 0 then iif(r.is_read_only, 'ok', 'alarm')
    else iif(c.readonly_rootfs, 'ok', 'alarm')
  end as status,
  case
    when c.pid > 0 and r.locator is null then 'The mounts of this running container could not be seen.'
    when c.pid > 0 and r.is_read_only and c.readonly_rootfs then 'The root file system is mounted read-only.'
    when c.pid > 0 and r.is_read_only then 'The root file system is mounted read-only, although the container is not configured so: it lasts until its next start.'
    when c.pid > 0 and c.readonly_rootfs then 'ReadonlyRootfs is configured, but the kernel has the root file system mounted writable.'
    when c.pid > 0 then 'The root file system is mounted writable (' || r.fs_type || ').'
    when c.readonly_rootfs then 'Not running; it is configured to start with a read-only root file system.'
    else 'Not running; it is configured to start with a writable root file system.'
  end as reason,
  case when c.pid = 0 then 'configured' when r.is_read_only <> c.readonly_rootfs then 'disagreement' else 'observed' end as layer,
  json_array(evidence(r.locator, '/ is ' || r.fs_type || ' with ' || r.options), evidence(c.locator, 'ReadonlyRootfs is ' || iif(c.readonly_rootfs, 'true', 'false'))) as evidence,
  c.readonly_rootfs as configured, r.fs_type as fs_type
from docker_container c
left join root r on r.container_id = c.id
