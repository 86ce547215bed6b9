-- SPDX-License-Identifier: Apache-2.0
-- Compose services that are put on the engine's default bridge, where containers reach each other unfiltered.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when network_mode in ('bridge', 'default') then 'alarm' when unresolved regexp '"(network_mode)"' then 'unknown' when 1 then 'ok' else 'alarm' end as status,
  case when network_mode in ('bridge', 'default') then 'network_mode: ' || network_mode || ' puts it on the default bridge.'
    when unresolved regexp '"(network_mode)"' then 'What decides rests on a variable that has no value here: network_mode.'
    when 1 then 'It is not on the default bridge' || iif(network_mode is null, ': Compose makes networks for the project.', ' (network_mode: ' || network_mode || ').')
    else 'network_mode: ' || network_mode || ' puts it on the default bridge.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'network_mode: ' || coalesce(network_mode, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'network_mode', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
