-- SPDX-License-Identifier: Apache-2.0
-- A Compose service that uses a namespace of the host in place of one of its own. param key: network_mode, pid, ipc, uts, userns_mode or cgroup.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when value = 'host' then 'alarm' when unresolved like '%"' || param('key') || '"%' then 'unknown' else 'ok' end as status,
  case
    when value = 'host' then param('key') || ': host: ' || param('harm') || '.'
    when unresolved like '%"' || param('key') || '"%' then param('key') || ' rests on a variable that has no value here.'
    when value is null then 'It sets no ' || param('key') || '.'
    else param('key') || ' is ' || value || '.'
  end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', param('key') || ': ' || coalesce(value, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *,
    json_object('network_mode', network_mode, 'pid', pid, 'ipc', ipc, 'uts', uts, 'userns_mode', userns_mode, 'cgroup', cgroup) ->> param('key') as value,
    coalesce(positions -> param('key'), json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
