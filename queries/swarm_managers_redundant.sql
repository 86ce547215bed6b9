-- SPDX-License-Identifier: Apache-2.0
-- Whether the loss of one manager is borne: three or more of them that answer.
with manager as (
  select count(*) as known, coalesce(sum(reachability = 'reachable'), 0) as reachable,
    group_concat(hostname || ' ' || coalesce(nullif(reachability, ''), 'unknown'), ', ') as list, min(locator) as locator
  from docker_node where role = 'manager'
)
select
  'host' as resource, i.name as resource_name,
  case when i.swarm_state = 'inactive' then 'skip' when m.known = 0 then 'unknown' when m.reachable < 3 then 'alarm' else 'ok' end as status,
  case
    when i.swarm_state = 'inactive' then 'Not in a Swarm.'
    when m.known = 0 then 'Only a manager tells the managers: audit one.'
    else m.reachable || ' of ' || m.known || iif(m.known = 1, ' manager', ' managers') || ' can be reached' || iif(m.reachable < 3, '; the loss of one needs three.', '.')
  end as reason,
  'observed' as layer,
  json_array(evidence(coalesce(m.locator, i.locator), coalesce(m.list, 'no list of nodes'))) as evidence,
  m.known as managers, m.reachable as reachable
from docker_info i left join manager m
