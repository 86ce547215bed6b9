-- SPDX-License-Identifier: Apache-2.0
-- Limits of Compose services. param key: memory_bytes, pids_limit or cpus.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when value > 0 then 'ok' when unresolved regexp '"(' || param('keys') || '|deploy)"' then 'unknown' else 'alarm' end as status,
  case when value > 0 then param('what') || ' is limited to ' || iif(value = cast(value as integer), cast(value as integer), value) || '.'
    when unresolved regexp '"(' || param('keys') || '|deploy)"' then 'The limit of ' || param('what') || ' rests on a variable that has no value here.'
    when value is null then 'No limit of ' || param('what') || ' is set.'
    else 'The limit of ' || param('what') || ' is ' || iif(value = cast(value as integer), cast(value as integer), value) || ', which is none.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', param('what') || ': ' || coalesce(value, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, cast(json_object('memory_bytes', memory_bytes, 'pids_limit', pids_limit, 'cpus', coalesce(cpus, nullif(cpu_shares, '1024'), iif(cpuset is null, null, 1))) ->> param('key') as real) as value,
    coalesce(positions -> 'deploy', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
