-- SPDX-License-Identifier: Apache-2.0
-- Volumes over folders of the system.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select i.path, i.locator, i.start_line as line, i."column", 'alarm' as status, 'VOLUME ' || e.value || ' lies over a folder of the system.' as reason, 'VOLUME ' || e.value as said
  from dockerfile_instruction i, json_each(i.expanded) e
  where i.instruction = 'volume' and e.value regexp '^/(bin|boot|dev|etc|lib|lib64|proc|root|sbin|sys|usr)?/?$'
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No VOLUME lies over a folder of the system.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
