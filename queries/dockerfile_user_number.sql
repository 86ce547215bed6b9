-- SPDX-License-Identifier: Apache-2.0
-- Users that are named by a name: an orchestrator can only tell from a number that it is not root.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, coalesce(user_locator, locator) as locator, substr(coalesce(user_locator, locator), length('dockerfile:' || path) + 2) as place,
    case when user is null then 'unknown' when user regexp '^[0-9]+(:.*)?$' then 'ok' else 'alarm' end as status,
    case when user is null then 'The last USER rests on a variable that only the build knows.'
      when user regexp '^[0-9]+(:.*)?$' then 'The last USER is the number ' || user || '.'
      else 'The last USER is the name ' || user || ': from outside nobody can tell which number that is.' end as reason,
    'USER ' || coalesce(user, 'not known') as said
  from dockerfile_stage where is_final and sets_user
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, cast(place as integer) as line, cast(substr(place, instr(place, ':') + 1) as integer) as "column"
from found
union all
select 'dockerfile:' || path, path, 'skip', 'It sets no USER.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
