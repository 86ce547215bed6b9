-- SPDX-License-Identifier: Apache-2.0
-- Who the image of a Dockerfile runs as: the USER in force at the end of the last stage, with variables replaced.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, coalesce(user_locator, locator) as locator, start_line as line, "column",
    case when not sets_user and coalesce(image, base) regexp '(?i)(nonroot|rootless|unprivileged)' then 'info' when not sets_user then 'alarm' when user is null then 'unknown'
      when user regexp '^(0+|root)(:.*)?$' then 'alarm' else 'ok' end as status,
    case
      when not sets_user and coalesce(image, base) regexp '(?i)(nonroot|rootless|unprivileged)' then 'The file sets no USER; the name of its base ' || base || ' says that it brings one.'
      when not sets_user then 'The file sets no USER: it runs as that of its base ' || base || ', which is root unless that says otherwise.'
      when user is null then 'The last USER rests on a variable that only the build knows.'
      when user regexp '^(0+|root)(:.*)?$' then 'The last USER is ' || user || ', which is root.'
      else 'The last USER is ' || user || '.' end as reason,
    'USER ' || coalesce(user, iif(sets_user, 'not known', 'not set')) as said
  from dockerfile_stage where is_final
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'no stage', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
