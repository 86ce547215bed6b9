-- SPDX-License-Identifier: Apache-2.0
-- Ports that Compose services publish, for somebody to say whether each is needed; whether anybody answers there, only a running container shows.
with port as (select * from compose_port where active),
seen as (select project, service, count(*) as ports, sum(not known) as unknown, min(line) as line, group_concat(coalesce(published, 'any') || ' for ' || coalesce(target, '?'), ', ') as list from port group by project, service),
first as (select *, row_number() over (partition by project, service order by line, "column") as place from port)
select
  'compose:' || s.project || ':' || s.service as resource, s.service as resource_name,
  case when s.network_mode = 'host' then 'alarm' when p.unknown > 0 or s.unresolved regexp '"(network_mode|ports)"' then 'unknown' when p.ports > 0 then 'info' else 'ok' end as status,
  case when s.network_mode = 'host' then 'network_mode: host: every port that it opens is open on the host, needed or not.'
    when p.unknown > 0 or s.unresolved regexp '"(network_mode|ports)"' then 'A port, or the network mode, rests on a variable that has no value here.'
    when p.ports > 0 then 'It publishes ' || p.ports || iif(p.ports = 1, ' port: ', ' ports: ') || substr(p.list, 1, 300) || '. Services of the same network need none to reach it: see who does.'
    else 'It publishes no port.' end as reason,
  'declared' as layer,
  coalesce((select json_group_array(evidence(o.locator, o.resource)) from (select * from port o where o.project = s.project and o.service = s.service limit 20) o having count(*) > 0),
    json_array(evidence(s.locator, 'no ports, network_mode ' || coalesce(s.network_mode, 'not set')))) as evidence,
  coalesce(f.path, s.path) as file, coalesce(f.line, s.line) as line, coalesce(f."column", s."column") as "column"
from compose_service s
left join seen p on p.project = s.project and p.service = s.service
left join first f on f.project = s.project and f.service = s.service and f.place = 1
where s.active
