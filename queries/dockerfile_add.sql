-- SPDX-License-Identifier: Apache-2.0
-- ADD in Dockerfiles; one with a checksum brings in only what was meant.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, locator, start_line as line, "column", 'alarm' as status, 'ADD is used: ' || substr(source, 1, 200) || '.' as reason, substr(source, 1, 500) as said
  from dockerfile_instruction where (instruction = 'add' or sub_instruction = 'add') and not exists (select 1 from json_each(flags) where value ->> 'name' = 'checksum')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'It has no ADD, or only with a checksum.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
