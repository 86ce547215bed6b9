-- SPDX-License-Identifier: Apache-2.0
-- Does somebody listen behind each published port, and has anybody come through it?
with listener as (
  select s.container_id, s.protocol, s.local_port, s.local_address, s.process_name, s.locator from container_socket s
  where (s.state = 'LISTEN' or (s.protocol = 'udp' and s.state = 'UNCONNECTED'))),
watched as (select sum(seconds) as seconds, max(locator) as locator from watched_time),
-- Of other containers and projects, of the host and of outside; asked only where somebody watched.
come as materialized (
  select e.destination_container, e.protocol, e.port, sum(e.flows) as flows, max(e.last_seen) as last_seen, max(e.locator) as locator
  from watched w cross join edge e where w.seconds > 0 and e.source_kind in ('external', 'gateway', 'host', 'node') group by 1, 2, 3),
judged as (
  select p.*, (select max(w.seconds, 1) from watched w where w.seconds > 0) as watched_seconds, (select w.locator from watched w) as watched_locator,
    (select o.flows from come o where o.destination_container = p.container_name and o.protocol = p.protocol and o.port = p.container_port) as came,
    (select o.last_seen from come o where o.destination_container = p.container_name and o.protocol = p.protocol and o.port = p.container_port) as came_last,
    (select o.locator from come o where o.destination_container = p.container_name and o.protocol = p.protocol and o.port = p.container_port) as came_locator, c.status as state, c.network_mode,
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
  case when j.state not in ('running', 'paused') then 'skip' when j.listeners = 0 then 'alarm' when j.packets > 0 or j.open > 0 or j.came > 0 then 'ok' else 'info' end as status,
  case when j.state not in ('running', 'paused') then 'the container is not running'
       when j.listeners = 0 then 'published, and nobody listens on port ' || j.container_port || '/' || j.protocol || ' in the container'
       when j.packets > 0 then j.server || ' answers; ' || j.packets || ' connections came through the port since its rule was made' || case when j.open > 0 then ', ' || j.open || ' are open' else '' end
       when j.open > 0 then j.server || ' answers; ' || j.open || ' connections are open'
       when j.came > 0 then j.server || ' answers; ' || j.came || ' came from outside its networks in the ' || (case when j.watched_seconds >= 172800 then (j.watched_seconds / 86400) || ' days' when j.watched_seconds >= 7200 then (j.watched_seconds / 3600) || ' hours' else ((j.watched_seconds + 59) / 60) || ' minutes' end) || ' that were watched, the last at ' || j.came_last
       else j.server || ' answers; ' || case when j.packets is null then 'no translation rule counts the port''s use' else 'nobody has come through the port since its rule was made' end
         || case when j.watched_seconds is not null then ', and nobody came in the ' || (case when j.watched_seconds >= 172800 then (j.watched_seconds / 86400) || ' days' when j.watched_seconds >= 7200 then (j.watched_seconds / 3600) || ' hours' else ((j.watched_seconds + 59) / 60) || ' minutes' end) || ' that were watched' else '' end end as reason,
  'observed' as layer,
  json_array(evidence(j.locator, j.resource), evidence(j.socket_locator, j.listeners || ' listeners, ' || j.open || ' open connections'), evidence(j.rule_locator, coalesce(j.packets, 'no') || ' packets'),
    evidence(j.watched_locator, j.watched_seconds || ' seconds'), evidence(j.came_locator, j.came || ' flows')) as evidence,
  j.container_id, j.container_name, j.listeners = 0 as rests_on_absence
from judged j
