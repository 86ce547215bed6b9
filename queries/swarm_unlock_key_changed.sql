-- SPDX-License-Identifier: Apache-2.0
-- What the engine lets see of the unlock key: whether there is one. It keeps no date of it.
with here as (select id, name, swarm_state as state, swarm_manager as is_manager, locator from docker_info),
swarm as (select s.autolock_managers, s.updated_at, s.locator from (select 1 from here where state <> 'inactive') cross join docker_swarm s)
select h.id as resource, h.name as resource_name,
  case when h.state = 'inactive' then 'skip' when s.locator is not null and not s.autolock_managers then 'skip' else 'unknown' end as status,
  case when h.state = 'inactive' then 'not in a Swarm' when not h.is_manager then 'this node is no manager (' || h.state || '), and only managers know: audit a manager' when s.locator is null then 'the Swarm could not be inspected'
       when not s.autolock_managers then 'auto-lock is off: there is no key'
       else 'when the unlock key was last changed is recorded nowhere; the Swarm itself was last changed at ' || coalesce(nullif(s.updated_at, ''), 'a time not told') end as reason,
  'configured' as layer, json_array(evidence(s.locator, 'AutoLockManagers is ' || iif(s.autolock_managers, 'true', 'false') || ', UpdatedAt ' || coalesce(s.updated_at, '')), evidence(h.locator, 'LocalNodeState ' || h.state)) as evidence
from here h left join swarm s
