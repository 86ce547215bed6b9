-- SPDX-License-Identifier: Apache-2.0
-- Health checks of Dockerfiles: that of the last stage, its own or of a stage it is built upon.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, coalesce(healthcheck_locator, locator) as locator, substr(coalesce(healthcheck_locator, locator), length('dockerfile:' || path) + 2) as place,
    case when healthcheck = 'cmd' then 'ok' else 'alarm' end as status,
    case when healthcheck = 'cmd' then 'It has a HEALTHCHECK.' when healthcheck = 'none' then 'HEALTHCHECK NONE switches off what the base image checks.'
      else 'It has no HEALTHCHECK: without one Docker only sees whether the process runs.' end as reason,
    'HEALTHCHECK ' || coalesce(healthcheck, 'not set') as said
  from dockerfile_stage where is_final
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, cast(place as integer) as line, cast(substr(place, instr(place, ':') + 1) as integer) as "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'no stage', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
