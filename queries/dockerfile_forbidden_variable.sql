-- SPDX-License-Identifier: Apache-2.0
-- Variables that an ENV or ARG sets and should not: param pattern over NAME=VALUE.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
pair as (
  select i.path, i.locator, i.start_line as line, i."column", replace(replace(d.key || '=' || d.value, '"', ''), '''', '') as text
  from dockerfile_instruction i join json_each(i.data) d
  where coalesce(i.sub_instruction, i.instruction) in ('env', 'arg') and d.value is not null
),
found as (
  select path, locator, line, "column", 'alarm' as status, param('finding') || ': ' || substr(text, 1, 200) || '.' as reason, substr(text, 1, 500) as said
  from pair where text regexp param('pattern')
  union
  select c.path, c.locator, c.line, c."column", 'alarm', param('finding') || ': ' || c.name || ' ' || a.value || '.', c.name || ' ' || a.value
  from dockerfile_command c join json_each(c.args) a where c.name in ('export', 'env', 'declare') and a.value regexp param('pattern')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', param('good'), 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
