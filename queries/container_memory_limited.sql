-- SPDX-License-Identifier: Apache-2.0
-- Whether the memory of each container has a limit: by its control group while it runs, by its configuration while it does not.
select c.id as resource, c.name as resource_name,
  case when c.pid > 0 and g.container_id is null then 'unknown' when c.pid > 0 then iif(g.memory_max is null, 'alarm', 'ok') else iif(c.memory > 0, 'ok', 'alarm') end as status,
  case when c.pid > 0 and g.container_id is null then 'The control group of this running container could not be seen.'
       when c.pid > 0 and g.memory_max is null and c.memory > 0 then 'A limit of ' || c.memory || ' bytes is configured, but its control group has none.'
       when c.pid > 0 and g.memory_max is null then 'Its control group has no limit of memory.'
       when c.pid > 0 then 'Its memory is limited to ' || g.memory_max || ' bytes' || coalesce(', of which it uses ' || g.memory_current || '.', '.')
       when c.memory > 0 then 'Not running; a limit of ' || c.memory || ' bytes is configured.' else 'Not running; no limit of memory is configured.' end as reason,
  case when c.pid = 0 then 'configured' when (g.memory_max is null) <> (coalesce(c.memory, 0) <= 0) then 'disagreement' else 'observed' end as layer,
  json_array(evidence(g.locator, 'memory.max is ' || coalesce(g.memory_max, 'unlimited')), evidence(c.locator, 'Memory is ' || c.memory)) as evidence,
  g.memory_max as memory_max
from docker_container c left join container_cgroup g on g.container_id = c.id
