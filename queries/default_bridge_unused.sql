-- SPDX-License-Identifier: Apache-2.0
-- Is a container attached to the default bridge?
with bridge as (select id, name, bridge_name, locator from docker_network where is_default_bridge),
attached as (select e.container_id, e.network_name, e.ipv4_address as address, e.locator from docker_network_endpoint e join bridge b on b.id = e.network_id),
listed as (select e.container_id, max(e.ip_address) as address, e.locator from docker_container_endpoint e join bridge b on b.id = e.network_id or b.name = e.network_name group by e.container_id)
select c.id as resource, c.name as resource_name,
  case when b.id is null then 'ok' when a.container_id is not null or l.container_id is not null then 'alarm' else 'ok' end as status,
  case when b.id is null then 'the engine has no default bridge'
       when a.container_id is not null then 'attached to ' || b.bridge_name || ' with ' || a.address
       when l.container_id is not null and c.status in ('running', 'paused', 'restarting') then 'attached to ' || b.bridge_name
       when l.container_id is not null then 'not running; its start attaches it to ' || b.bridge_name
       else 'not attached to ' || b.bridge_name end as reason,
  'configured' as layer,
  json_array(evidence(coalesce(a.locator, b.locator, c.locator), case when a.container_id is not null then 'endpoint ' || a.address else 'no endpoint of ' || c.name end),
             evidence(coalesce(l.locator, c.locator), 'NetworkMode=' || c.network_mode)) as evidence,
  c.network_mode
from docker_container c left join bridge b left join attached a on a.container_id = c.id left join listed l on l.container_id = c.id
