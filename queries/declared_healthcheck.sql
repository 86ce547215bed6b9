-- SPDX-License-Identifier: Apache-2.0
-- Health checks of Compose services.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when healthcheck = 'none' then 'alarm' when unresolved regexp '"(healthcheck)"' then 'unknown' when healthcheck is null then 'info' when healthcheck = 'cmd' then 'ok' else 'alarm' end as status,
  case when healthcheck = 'none' then 'Its health check is switched off.'
    when unresolved regexp '"(healthcheck)"' then 'What decides rests on a variable that has no value here: healthcheck.'
    when healthcheck is null then 'It has no health check of its own: see whether its image' || coalesce(' ' || image, '') || ' brings one.'
    when healthcheck = 'cmd' then 'It has a health check.'
    else 'Its health check is switched off.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'healthcheck: ' || coalesce(healthcheck, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'healthcheck', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
