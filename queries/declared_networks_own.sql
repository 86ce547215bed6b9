-- SPDX-License-Identifier: Apache-2.0
-- Whether the services of a project are on networks that are theirs alone: one that exists outside of the file may have others on it.
with joined as (
  select s.project, s.service, n.name, n.external, n.known, n.locator, n.path, n.line, n."column"
  from compose_service s, json_each(s.networks) j join compose_network n on n.project = s.project and n.name = j.value where s.active
  union all
  select s.project, s.service, n.name, n.external, n.known, n.locator, n.path, n.line, n."column"
  from compose_service s join compose_network n on n.project = s.project and n.name = 'default'
  where s.active and s.network_mode is null and json_array_length(s.networks) = 0
),
shared as (select *, row_number() over (partition by project, service order by line, "column") as place, group_concat(name, ', ') over (partition by project, service) as names from joined where external),
unclear as (select project, service, min(name) as name from joined where not known group by project, service)
select 'compose:' || s.project || ':' || s.service as resource, s.service as resource_name,
  case when s.network_mode in ('host', 'bridge', 'default') then 'alarm' when u.name is not null or s.unresolved regexp '"(networks|network_mode)"' then 'unknown' when e.name is not null then 'info' else 'ok' end as status,
  case when s.network_mode in ('host', 'bridge', 'default') then 'network_mode: ' || s.network_mode || ' puts it where containers of all applications are.'
    when u.name is not null or s.unresolved regexp '"(networks|network_mode)"' then 'Its networks rest on a variable that has no value here.'
    when e.name is not null then 'It is on a network that is made elsewhere, where others may be: ' || e.names || '.'
    when s.network_mode is not null then 'network_mode: ' || s.network_mode || ' gives it no network of another application.'
    else 'Each of its networks is made by and for this project.' end as reason,
  'declared' as layer, json_array(evidence(coalesce(e.locator, s.locator), 'networks: ' || s.networks || ', network_mode: ' || coalesce(s.network_mode, 'not set'))) as evidence,
  coalesce(e.path, s.path) as file, coalesce(e.line, s.line) as line, coalesce(e."column", s."column") as "column"
from compose_service s
left join shared e on e.project = s.project and e.service = s.service and e.place = 1
left join unclear u on u.project = s.project and u.service = s.service
where s.active
