-- SPDX-License-Identifier: Apache-2.0
-- Ports that Compose services publish on every address of the host, IPv6's wildcard included.
with port as (select *, known and (host_ip is null or host_ip in ('', '0.0.0.0', '::', '[::]', '*') or coalesce(is_wildcard(host_ip), 0)) as is_bad from compose_port where active),
worst as (select project, service, sum(is_bad) as bad, sum(not known and not is_bad) as unknown, count(*) as ports from port group by project, service),
first as (select *, row_number() over (partition by project, service order by is_bad desc, known, line, "column") as place from port)
select
  'compose:' || s.project || ':' || s.service as resource, s.service as resource_name,
  case when w.bad > 0 then 'alarm' when s.network_mode = 'host' then 'alarm' when w.unknown > 0 or s.unresolved like '%"network_mode"%' then 'unknown' else 'ok' end as status,
  case when w.bad > 0 then 'Port ' || f.target || ' is published on every address of the host' || coalesce(' as ' || f.published, '') || '.'
    when s.network_mode = 'host' then 'network_mode: host: every port that it opens is a port of the host.'
    when w.unknown > 0 or s.unresolved like '%"network_mode"%' then 'A port, or the network mode, rests on a variable that has no value here.'
    when w.ports is null then 'It publishes no port.'
    else 'Each of its ' || w.ports || ' published ports names an address.' end as reason,
  'declared' as layer,
  coalesce((select json_group_array(evidence(p.locator, p.resource)) from (select * from port p where p.project = s.project and p.service = s.service order by is_bad desc limit 20) p
    having count(*) > 0), json_array(evidence(s.locator, 'no ports, network_mode ' || coalesce(s.network_mode, 'not set')))) as evidence,
  coalesce(f.path, s.path) as file, coalesce(f.line, s.line) as line, coalesce(f."column", s."column") as "column"
from compose_service s
left join worst w on w.project = s.project and w.service = s.service
left join first f on f.project = s.project and f.service = s.service and f.place = 1
where s.active
