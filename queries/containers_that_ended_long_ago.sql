-- SPDX-License-Identifier: Apache-2.0
-- Whether containers that do not run are removed after some time (setting dead_container_age_max).
with ended as (
  select id, name, status, locator, (as_of_ms() - coalesce(finished_at_ms, 1000 * unixepoch(created))) / 86400000 as age from docker_container where status in ('exited', 'created', 'dead')),
old as (select * from ended where age > setting('dead_container_age_max') or age is null)
select e.id as resource, e.name as resource_name, case when exists (select 1 from old where age is not null) then 'alarm' when exists (select 1 from old) then 'unknown' else 'ok' end as status,
  case when exists (select 1 from old where age is not null) then (select count(*) from old) || ' containers have not run for more than ' || setting('dead_container_age_max') || ' days: ' || (select group_concat(name || ' (' || age || ' days)', ', ') from (select * from old order by age desc limit 20))
       when exists (select 1 from old) then 'since when ' || (select group_concat(name, ', ') from old) || ' has not run cannot be told'
       else (select count(*) from ended) || ' containers do not run, none for more than ' || setting('dead_container_age_max') || ' days' end as reason,
  'observed' as layer, json_array((select json_group_array(evidence(locator, name || ' is ' || status || coalesce(' for ' || age || ' days', ''))) from (select * from ended order by age desc limit 20)), evidence(e.locator, 'ContainersStopped ' || e.containers_stopped)) as evidence
from docker_info e
