-- SPDX-License-Identifier: Apache-2.0
-- Subnets that Compose files give to networks, against each other; what else the host has, only the host shows.
with subnet as (
  select n.project, n.name, c.value ->> 'subnet' as subnet, n.locator from compose_network n, json_each(n.ipam, '$.config') c where coalesce(c.value ->> 'subnet', '') <> ''
),
clash as (
  select a.project, a.name, group_concat(a.subnet || ' overlaps ' || b.subnet || ' of ' || b.name, '; ') as text, min(b.locator) as other
  from subnet a join subnet b on b.name <> a.name where prefix_overlaps(a.subnet, b.subnet) group by a.project, a.name
)
select 'compose:' || n.project || ':network:' || n.name as resource, n.name as resource_name,
  case when c.text is not null then 'alarm' when not n.known then 'unknown' else 'ok' end as status,
  case when c.text is not null then c.text || '.' when not n.known then 'Its addresses rest on a variable that has no value here.'
    when s.list is null then 'The file gives it no subnet: the engine chooses one that is free.'
    else s.list || ' overlaps no other of the file.' end as reason,
  'declared' as layer, json_array(evidence(n.locator, 'subnets: ' || coalesce(s.list, 'not set')), evidence(c.other, c.text)) as evidence,
  n.path as file, n.line as line, n."column" as "column"
from compose_network n
left join clash c on c.project = n.project and c.name = n.name
left join (select project, name, group_concat(subnet, ', ') as list from subnet group by project, name) s on s.project = n.project and s.name = n.name
