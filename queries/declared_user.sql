-- SPDX-License-Identifier: Apache-2.0
-- Who will be root: the USER in force at the end of what a Dockerfile builds, with variables replaced, and the user of Compose services.
-- `0:0` and `root:root` are root too. param services: yes, or no for Dockerfiles alone.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, coalesce(user_locator, locator) as locator, substr(coalesce(user_locator, locator), length('dockerfile:' || path) + 2) as place,
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
),
service as (
  select s.*, b.service as built, b.problem, f.sets_user, f.user as built_user, f.base as built_base, b.dockerfile,
    coalesce(s.positions -> 'user', s.positions -> 'build', json_object('locator', s.locator, 'file', s.path, 'line', s.line, 'column', s."column")) as place
  from compose_service s
  left join compose_build b on b.project = s.project and b.service = s.service
  left join dockerfile_stage f on f.path = b.dockerfile and f.start_line = b.stage_line
  where s.active and param('services') = 'yes'
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, cast(place as integer) as line, cast(substr(place, instr(place, ':') + 1) as integer) as "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'no stage', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
union all
select 'compose:' || project || ':' || service, service,
  case when user regexp '^(0+|root)(:.*)?$' then 'alarm' when unresolved regexp '"(user)"' then 'unknown' when user is not null then 'ok' when built is null then 'info'
    when sets_user is null then 'unknown' when not sets_user then iif(built_base regexp '(?i)(nonroot|rootless|unprivileged)', 'info', 'alarm')
    when built_user is null then 'unknown' when built_user regexp '^(0+|root)(:.*)?$' then 'alarm' else 'ok' end,
  case when user regexp '^(0+|root)(:.*)?$' then 'user: ' || user || ' is root.'
    when unresolved regexp '"(user)"' then 'What decides rests on a variable that has no value here: user.'
    when user is not null then 'It runs as the user ' || user || '.'
    when built is null then 'It names no user: see which its image' || coalesce(' ' || image, '') || ' names.'
    when sets_user is null then 'It names no user, and what it is built from could not be followed: ' || problem || '.'
    when not sets_user then 'It names no user, and neither does ' || dockerfile || ': it runs as that of the base ' || built_base || '.'
    when built_user is null then 'It names no user, and the USER of ' || dockerfile || ' rests on a variable that only the build knows.'
    else 'It names no user; ' || dockerfile || ' names ' || built_user || iif(built_user regexp '^(0+|root)(:.*)?$', ', which is root.', '.') end,
  'declared', json_array(evidence(place ->> 'locator', 'user: ' || coalesce(user, 'not set') || coalesce(', USER ' || built_user, ''))), place ->> 'file', place ->> 'line', place ->> 'column'
from service
