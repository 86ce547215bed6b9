-- SPDX-License-Identifier: Apache-2.0
-- Programs that are downloaded and run at once, unread and unchecked.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select d.path, s.locator, s.line, s."column", 'alarm' as status, 'What ' || d.name || ' downloads is given to ' || s.name || ' unchecked.' as reason, d.name || ' | ' || s.name as said
  from dockerfile_command d join dockerfile_command s on s.path = d.path and s.start_line = d.start_line and s.pipeline = d.pipeline and s.reads_pipe
  where d.name in ('curl', 'wget', 'fetch') and s.name regexp '^(sh|bash|dash|ash|zsh|ksh|sudo|python[0-9.]*|perl|ruby|node|php)$'
  group by s.locator
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'Nothing that is downloaded is run through a pipe.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
