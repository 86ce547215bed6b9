-- SPDX-License-Identifier: Apache-2.0
-- Health checks of Compose services: their own, or that of the Dockerfile they are built from.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when healthcheck = 'none' then 'alarm' when unresolved regexp '"(healthcheck)"' then 'unknown' when healthcheck = 'cmd' then 'ok' when built is null then 'info'
    when stage is null then 'unknown' when built_check = 'cmd' then 'ok' when built_check = 'none' then 'alarm' else 'info' end as status,
  case when healthcheck = 'none' then 'Its health check is switched off.'
    when unresolved regexp '"(healthcheck)"' then 'What decides rests on a variable that has no value here: healthcheck.'
    when healthcheck = 'cmd' then 'It has a health check.'
    when built is null then 'It has no health check of its own: see whether its image' || coalesce(' ' || image, '') || ' brings one.'
    when stage is null then 'It has no health check of its own, and what it is built from could not be followed: ' || problem || '.'
    when built_check = 'cmd' then dockerfile || ' gives it a health check.' when built_check = 'none' then dockerfile || ' switches the health check off.'
    else 'Neither it nor ' || dockerfile || ' has a health check: see whether the base image brings one.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'healthcheck: ' || coalesce(healthcheck, 'not set') || iif(built is null, '', ', HEALTHCHECK ' || coalesce(built_check, 'not set')))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select s.*, b.service as built, b.problem, b.dockerfile, f.stage, f.healthcheck as built_check,
    coalesce(s.positions -> 'healthcheck', json_object('locator', s.locator, 'file', s.path, 'line', s.line, 'column', s."column")) as place
  from compose_service s
  left join compose_build b on b.project = s.project and b.service = s.service
  left join dockerfile_stage f on f.path = b.dockerfile and f.start_line = b.stage_line
  where s.active
)
