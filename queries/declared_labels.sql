-- SPDX-License-Identifier: Apache-2.0
-- Labels of Compose services that are the project's own, on the container or on the service of a Swarm (deploy.labels).
with own as (
  select s.project, s.service, group_concat(l.key, ', ') as keys from compose_service s, json_each(coalesce(s.labels, '{}')) l
  where s.active and l.key not like 'com.docker.%' and l.key not like 'org.opencontainers.%' and l.key <> 'maintainer' group by s.project, s.service
),
deployed as (
  select s.project, s.service, group_concat(iif(typeof(l.key) = 'integer', l.value, l.key), ', ') as keys from compose_service s, json_each(s.deploy, '$.labels') l
  where s.active group by s.project, s.service
)
select 'compose:' || s.project || ':' || s.service as resource, s.service as resource_name,
  case when o.keys is not null or d.keys is not null then 'ok' else 'alarm' end as status,
  case when o.keys is not null or d.keys is not null then 'Labels of its own: ' || coalesce(o.keys, d.keys) || '.' else 'No label says what it is for.' end as reason,
  'declared' as layer, json_array(evidence(s.place ->> 'locator', 'labels of its own: ' || coalesce(o.keys, d.keys, 'none'))) as evidence,
  s.place ->> 'file' as file, s.place ->> 'line' as line, s.place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'labels', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place from compose_service where active
) s
left join own o on o.project = s.project and o.service = s.service
left join deployed d on d.project = s.project and d.service = s.service
