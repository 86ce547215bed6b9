-- SPDX-License-Identifier: Apache-2.0
-- Whether three, five or seven managers manage the Swarm, and all of them answer.
with here as (select id, name, swarm_state as state, swarm_manager as is_manager, locator from docker_info),
managers as (
  select count(n.id) as n, coalesce(sum(n.reachability is not 'reachable'), 0) as lost, group_concat(case when n.reachability is not 'reachable' then n.hostname end, ', ') as lost_list, group_concat(n.hostname, ', ') as list, max(n.locator) as locator
  from (select 1 from here where state <> 'inactive') cross join docker_node n on n.role = 'manager')
select h.id as resource, h.name as resource_name,
  case when h.state = 'inactive' then 'skip' when not h.is_manager or m.n = 0 then 'unknown' when m.n < 3 or m.n > 7 or m.n % 2 = 0 then 'alarm' when m.lost > 0 then 'alarm' else 'ok' end as status,
  case when h.state = 'inactive' then 'not in a Swarm' when not h.is_manager then 'this node is no manager (' || h.state || '), and only managers know who else is: audit a manager' when m.n = 0 then 'no manager was told'
       when m.n < 3 then m.n || iif(m.n = 1, ' manager: ', ' managers: ') || m.list || '; the Swarm does not survive the loss of one'
       when m.n > 7 then m.n || ' managers, more than seven: ' || m.list when m.n % 2 = 0 then m.n || ' managers, an even number: ' || m.list
       when m.lost > 0 then m.lost || ' of ' || m.n || ' managers cannot be reached: ' || m.lost_list else m.n || ' managers, all reachable: ' || m.list end as reason,
  'observed' as layer, json_array(evidence(h.locator, 'LocalNodeState ' || h.state || ', ControlAvailable ' || iif(h.is_manager, 'true', 'false')), evidence(m.locator, m.n || ' managers')) as evidence
from here h, managers m
