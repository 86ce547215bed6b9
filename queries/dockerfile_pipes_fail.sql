-- SPDX-License-Identifier: Apache-2.0
-- Pipes whose failure goes unnoticed: without pipefail only the last program decides whether a RUN succeeds. SHELL counts for its stage and those built upon it.
with recursive file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
shell as (select path, start_line, coalesce(args regexp 'pipefail|pwsh|powershell|cmd', 0) as careful from dockerfile_instruction where instruction = 'shell'),
-- The stages that a stage is built upon, with the last line of each that counts for it.
upon(path, stage_number, base, first_line, last_line) as (
  select path, stage_number, stage_number, start_line, end_line from dockerfile_stage
  union
  select u.path, u.stage_number, b.stage_number, b.start_line, b.end_line
  from upon u join dockerfile_stage s on s.path = u.path and s.stage_number = u.base and s.start_line = u.first_line
  join dockerfile_stage b on b.path = s.path and b.stage_number = s.base_stage
),
command as materialized (
  select path, stage_number, start_line, pipeline, reads_pipe, name, locator, line, "column",
    (name = 'set' and args regexp 'pipefail') or (name regexp 'sh$' and args regexp '"pipefail"') as is_careful
  from dockerfile_command
),
-- The columns beside the one minimum are those of the first program of the pipe.
piped as (
  select path, stage_number, start_line, pipeline, locator, line, "column", min(line * 100000 + "column") as place, group_concat(name, ' | ') as names
  from command group by path, start_line, pipeline having sum(reads_pipe) > 0
),
guarded as (select path, start_line, min(pipeline) as pipeline from command where is_careful group by path, start_line),
found as (
  select p.path, p.locator, p.line, p."column", 'alarm' as status,
    'Whether all but the last of ' || p.names || ' fail goes unnoticed.' as reason, p.names as said
  from piped p left join guarded g on g.path = p.path and g.start_line = p.start_line
  where (g.pipeline is null or g.pipeline > p.pipeline)
    and not coalesce((select s.careful from upon u join shell s on s.path = u.path and s.start_line between u.first_line and u.last_line
      where u.path = p.path and u.stage_number = p.stage_number and s.start_line < p.start_line order by s.start_line desc limit 1), 0)
    -- What cannot fail, or what nobody waits for: a text that is printed into a program.
    and p.names not regexp '^(echo|printf|yes|true|:|cat)( \| [^|]+)$'
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No pipe of a RUN can fail unnoticed.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
