-- SPDX-License-Identifier: Apache-2.0
-- The user of Compose services. `0:0` and `root:root` are root too.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when user regexp '^(0+|root)(:.*)?$' then 'alarm' when unresolved regexp '"(user)"' then 'unknown' when user is null then 'info' when user is not null then 'ok' else 'alarm' end as status,
  case when user regexp '^(0+|root)(:.*)?$' then 'user: ' || user || ' is root.'
    when unresolved regexp '"(user)"' then 'What decides rests on a variable that has no value here: user.'
    when user is null then 'It names no user: see which its image' || coalesce(' ' || image, '') || ' names.'
    when user is not null then 'It runs as the user ' || user || '.'
    else 'user: ' || user || ' is root.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'user: ' || coalesce(user, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'user', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
