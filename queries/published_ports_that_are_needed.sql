-- SPDX-License-Identifier: Apache-2.0
-- Does somebody listen behind each published port, and has anybody come through it?
with listener as (
  select s.container_id, s.protocol, s.local_port, s.local_address, s.process_name, s.locator from container_socket s
  where (s.state = 'LISTEN' or (s.protocol = 'udp' and s.state = 'UNCONNECTED'))),
judged as (
  select p.*, c.status as state, c.network_mode,
    (select count(*) from listener l where l.container_id = p.container_id and l.protocol = p.protocol and l.local_port = p.container_port and not is_loopback(l.local_address)) as listeners,
    (select max(l.process_name || ' on ' || l.local_address) from listener l where l.container_id = p.container_id and l.protocol = p.protocol and l.local_port = p.container_port and not is_loopback(l.local_address)) as server,
    (select max(replace(replace(l.locator, 'sock_tcp', 'sock_' || p.protocol), 'sock_udp', 'sock_' || p.protocol)) from container_socket l where l.container_id = p.container_id) as socket_locator,
    (select count(*) from container_socket s where s.container_id = p.container_id and s.protocol = p.protocol and s.local_port = p.container_port and s.state = 'ESTABLISHED') as open,
    (select sum(r.packets) from published_port_rule r where r.protocol = p.protocol and r.host_port = p.host_port and r.container_port = p.container_port
       and (coalesce(r.host_ip, '') = '' or is_wildcard(p.host_ip) or r.host_ip = p.host_ip)
       and (exists (select 1 from docker_network g, json_each(g.subnets) x where g.name = 'docker_gwbridge' and prefix_contains(x.value, r.container_ip))
         or r.container_ip in (select ip_address from docker_container_endpoint e where e.container_id = p.container_id union select ipv6_address from docker_container_endpoint e where e.container_id = p.container_id))) as packets,
    (select max(r.locator) from published_port_rule r where r.protocol = p.protocol and r.host_port = p.host_port) as rule_locator
  from docker_container_port p join docker_container c on c.id = p.container_id where p.published and p.layer = 'configured')
select j.container_id || ':' || j.host_ip || ':' || j.host_port || '->' || j.container_port || '/' || j.protocol as resource, j.resource as resource_name,
  case when j.state not in ('running', 'paused') then 'skip' when j.listeners = 0 then 'alarm' when j.packets > 0 or j.open > 0 then 'ok' else 'info' end as status,
  case when j.state not in ('running', 'paused') then 'the container is not running'
       when j.listeners = 0 then 'published, and nobody listens on port ' || j.container_port || '/' || j.protocol || ' in the container'
       when j.packets > 0 then j.server || ' answers; ' || j.packets || ' connections came through the port since its rule was made' || case when j.open > 0 then ', ' || j.open || ' are open' else '' end
       when j.open > 0 then j.server || ' answers; ' || j.open || ' connections are open'
       when j.packets is null then j.server || ' answers; no translation rule counts the port''s use'
       else j.server || ' answers; nobody has come through the port since its rule was made' end as reason,
  'observed' as layer,
  json_array(evidence(j.locator, j.resource), evidence(j.socket_locator, j.listeners || ' listeners, ' || j.open || ' open connections'), evidence(j.rule_locator, coalesce(j.packets, 'no') || ' packets')) as evidence,
  j.container_id, j.container_name, j.listeners = 0 as rests_on_absence
from judged j
