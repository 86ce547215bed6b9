-- SPDX-License-Identifier: Apache-2.0
-- Files that anybody may write, and programs that run with another's rights.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
command as (
  select *, name || coalesce((select ' ' || group_concat(value, ' ') from json_each(args)), '') as line_text from dockerfile_command where name = 'chmod'
),
mode as (
  select path, locator, line, "column", line_text as said, line_text || ' ' as words from command
  union all
  select i.path, i.locator, i.start_line, i."column", '--chmod=' || (value ->> 'value'), 'chmod ' || (value ->> 'value') || ' '
  from dockerfile_instruction i, json_each(i.flags) where value ->> 'name' = 'chmod'
),
found as (
  select path, locator, line, "column", 'alarm' as status,
    iif(words regexp param('pattern'), param('finding') || ': ' || substr(said, 1, 200) || '.', '') as reason, said
  from mode where words regexp param('pattern')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', param('good'), 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
