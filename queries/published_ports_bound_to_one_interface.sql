-- SPDX-License-Identifier: Apache-2.0
-- Does each published port name one address of the host?
select p.container_id || ':' || p.host_ip || ':' || p.host_port || '->' || p.container_port || '/' || p.protocol as resource, p.resource as resource_name,
  case when p.host_ip = '' or is_wildcard(p.host_ip) then 'alarm' when is_loopback(p.host_ip) then 'ok'
       when is_wildcard(p.host_ip) is null then 'unknown' else 'ok' end as status,
  case when p.host_ip = '' then 'published without an address: every address of the host'
       when is_wildcard(p.host_ip) then 'bound to ' || p.host_ip || ': every ' || case when p.host_ip like '%:%' then 'IPv6' else 'IPv4' end || ' address of the host'
       when is_wildcard(p.host_ip) is null then 'the address ' || p.host_ip || ' is not understood'
       else 'bound to ' || p.host_ip || coalesce(' (' || (select a.interface_name from host_address a where a.address = p.host_ip limit 1) || ')', '') end as reason,
  'configured' as layer,
  json_array(evidence(p.locator, 'HostIp=' || p.host_ip || ' HostPort=' || p.host_port)) as evidence,
  p.container_id, p.container_name
from docker_container_port p where p.published and p.layer = 'configured'
union all
select s.container_id || ':' || s.local_address || ':' || s.local_port || '/' || s.protocol, s.container_name || ':' || case when s.local_address like '%:%' then '[' || s.local_address || ']' else s.local_address end || ':' || s.local_port || '/' || s.protocol,
  case when is_wildcard(s.local_address) then 'alarm' else 'ok' end,
  'in the host''s network namespace, ' || coalesce(s.process_name, 'a process') || ' listens on ' || case when is_wildcard(s.local_address) then 'every address of the host' else s.local_address end, 'observed',
  json_array(evidence(s.locator, s.state || ' ' || s.local_address || ':' || s.local_port)), s.container_id, s.container_name
from container_socket s join docker_container c on c.id = s.container_id and c.network_mode = 'host'
where (s.state = 'LISTEN' or (s.protocol = 'udp' and s.state = 'UNCONNECTED')) and s.pid is not null
union all
select v.id || ':' || (p.value ->> '$.published_port'), v.name || ':' || (p.value ->> '$.published_port') || '->' || (p.value ->> '$.target_port') || '/' || (p.value ->> '$.protocol'), 'alarm',
  case when (p.value ->> '$.publish_mode') = 'host' then 'published by Swarm on every address of each node that runs a task'
       else 'published through the ingress network: every address of every node' end, 'configured',
  json_array(evidence(v.locator, p.value)), '', ''
from docker_service v, json_each(v.ports) p where (p.value ->> '$.published_port') is not null
union all
select p.container_id || ':' || p.host_ip || ':' || p.host_port || '->' || p.container_port || '/' || p.protocol, p.resource,
  case when p.host_ip = '' or is_wildcard(p.host_ip) then 'info' else 'skip' end,
  'the container is not running; its start ' || case when p.host_ip = '' or is_wildcard(p.host_ip) then 'opens the port on every address of the host' else 'binds the port to ' || p.host_ip end, 'declared',
  json_array(evidence(p.locator, 'HostIp=' || p.host_ip || ' HostPort=' || p.host_port)), p.container_id, p.container_name
from docker_container_port p join docker_container c on c.id = p.container_id
where p.published and p.layer = 'declared' and c.status not in ('running', 'paused', 'restarting')
