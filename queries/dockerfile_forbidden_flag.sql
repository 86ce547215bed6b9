-- SPDX-License-Identifier: Apache-2.0
-- Flags of an instruction that take protection away while the image is built.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select i.path, i.locator, i.start_line as line, i."column", 'alarm' as status,
    upper(instruction) || ' --' || (value ->> 'name') || '=' || (value ->> 'value') || ': ' || param('finding') || '.' as reason, '--' || (value ->> 'name') || '=' || (value ->> 'value') as said
  from dockerfile_instruction i, json_each(i.flags)
  where (value ->> 'name') || '=' || (value ->> 'value') regexp param('pattern')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', param('good'), 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
