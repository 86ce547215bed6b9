-- SPDX-License-Identifier: Apache-2.0
-- Whether managers ask for an unlock key after a restart.
with here as (select id, name, swarm_state as state, swarm_manager as is_manager, locator from docker_info),
swarm as (select s.autolock_managers, s.locator from (select 1 from here where state <> 'inactive') cross join docker_swarm s)
select h.id as resource, h.name as resource_name,
  case when h.state = 'inactive' then 'skip' when s.locator is null then 'unknown' when s.autolock_managers then 'ok' else 'alarm' end as status,
  case when h.state = 'inactive' then 'not in a Swarm' when not h.is_manager then 'this node is no manager (' || h.state || '), and only managers know: audit a manager' when s.locator is null then 'the Swarm could not be inspected'
       when s.autolock_managers then 'managers ask for the unlock key after a restart' else 'auto-lock is off: a manager opens its keys by itself after a restart' end as reason,
  'configured' as layer, json_array(evidence(s.locator, 'AutoLockManagers is ' || iif(s.autolock_managers, 'true', 'false')), evidence(h.locator, 'LocalNodeState ' || h.state)) as evidence
from here h left join swarm s
