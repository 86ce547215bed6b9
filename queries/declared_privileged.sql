-- SPDX-License-Identifier: Apache-2.0
-- A Compose service with all rights of the host.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when privileged then 'alarm' when unresolved like '%"privileged"%' then 'unknown' else 'ok' end as status,
  case when privileged then 'privileged: true gives it every capability and device of the host.'
    when unresolved like '%"privileged"%' then 'privileged rests on a variable that has no value here.' else 'It is not privileged.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'privileged: ' || case when privileged then 'true' when privileged = 0 then 'false' else 'not set' end)) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'privileged', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
