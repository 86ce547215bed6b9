-- SPDX-License-Identifier: Apache-2.0
-- Compose services whose root file system can be written to.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when coalesce(read_only, 0) = 0 and unresolved not like '%"read_only"%' then 'alarm' when unresolved regexp '"(read_only)"' then 'unknown' when read_only then 'ok' else 'alarm' end as status,
  case when coalesce(read_only, 0) = 0 and unresolved not like '%"read_only"%' then iif(read_only is null, 'read_only is not set: its root file system can be written to.', 'read_only: false: its root file system can be written to.')
    when unresolved regexp '"(read_only)"' then 'What decides rests on a variable that has no value here: read_only.'
    when read_only then 'Its root file system is read-only.'
    else iif(read_only is null, 'read_only is not set: its root file system can be written to.', 'read_only: false: its root file system can be written to.') end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'read_only: ' || case when read_only then 'true' when read_only = 0 then 'false' else 'not set' end)) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'read_only', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
