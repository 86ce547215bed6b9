-- SPDX-License-Identifier: Apache-2.0
-- Programs that a RUN must not start, by a pattern over the program and its words. A name in a text or a comment is no program.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
command as (
  select *, name || coalesce((select ' ' || group_concat(value, ' ') from json_each(args)), '') as line_text from dockerfile_command
),
found as (
  select path, locator, line, "column", 'alarm' as status, param('finding') || ': ' || substr(line_text, 1, 200) || '.' as reason, substr(line_text, 1, 500) as said
  from command where line_text regexp param('pattern')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', param('good'), 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
