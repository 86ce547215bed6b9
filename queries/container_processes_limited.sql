-- SPDX-License-Identifier: Apache-2.0
-- Whether the number of processes of each container has a limit: by its control group while it runs, by its configuration while it does
-- not.
select c.id as resource, c.name as resource_name,
  case when c.pid > 0 and g.container_id is null then 'unknown' when c.pid > 0 then iif(g.pids_max is null, 'alarm', 'ok') else iif(c.pids_limit > 0, 'ok', 'alarm') end as status,
  case when c.pid > 0 and g.container_id is null then 'The control group of this running container could not be seen.'
       when c.pid > 0 and g.pids_max is null and c.pids_limit > 0 then 'A limit of ' || c.pids_limit || ' processes is configured, but its control group has none.'
       when c.pid > 0 and g.pids_max is null then 'Its control group has no limit of processes.'
       when c.pid > 0 then 'It may have ' || g.pids_max || ' processes' || coalesce(' and has ' || g.pids_current || '.', '.')
       when c.pids_limit > 0 then 'Not running; a limit of ' || c.pids_limit || ' processes is configured.' else 'Not running; no limit of processes is configured.' end as reason,
  case when c.pid = 0 then 'configured' when (g.pids_max is null) <> (coalesce(c.pids_limit, 0) <= 0) then 'disagreement' else 'observed' end as layer,
  json_array(evidence(g.locator, 'pids.max is ' || coalesce(g.pids_max, 'max')), evidence(c.locator, 'PidsLimit is ' || coalesce(c.pids_limit, 'null'))) as evidence,
  g.pids_max as pids_max
from docker_container c left join container_cgroup g on g.container_id = c.id
