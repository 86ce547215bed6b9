-- SPDX-License-Identifier: Apache-2.0
-- Copies of a whole file system, or of the whole build context into the root.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select i.path, i.locator, i.start_line as line, i."column", 'alarm' as status, upper(i.instruction) || ' takes ' || s.value || ' as a whole to ' || (i.data ->> 'dest') || '.' as reason,
    upper(i.instruction) || ' ' || s.value || ' ' || (i.data ->> 'dest') as said
  from dockerfile_instruction i, json_each(i.data, '$.sources') s
  where i.instruction in ('add', 'copy') and (s.value = '/' or s.value = '/*' or (s.value in ('.', './', './*', '*') and i.data ->> 'dest' = '/'))
    and not exists (select 1 from dockerfile_stage f where f.path = i.path and f.stage_number = i.stage_number and f.image = 'scratch')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No COPY takes everything.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
