-- SPDX-License-Identifier: Apache-2.0
-- Drivers of the networks that Compose files define; one of a plugin depends on what the engine has.
select 'compose:' || project || ':network:' || name as resource, name as resource_name,
  case when not known then 'unknown' when external then 'info' when coalesce(driver, 'bridge') in ('bridge', 'overlay', 'macvlan', 'ipvlan', 'host', 'none', 'null') then 'ok' else 'alarm' end as status,
  case when not known then 'Its settings rest on a variable that has no value here.'
    when external then 'It is made elsewhere: its driver is not in the file.'
    when driver is null then 'It names no driver: bridge, or overlay in a stack, which are part of the engine.'
    when driver in ('bridge', 'overlay', 'macvlan', 'ipvlan', 'host', 'none', 'null') then 'Its driver ' || driver || ' is part of the engine.'
    else 'Its driver ' || driver || ' is no part of the engine: without its plugin nothing is connected.' end as reason,
  'declared' as layer, json_array(evidence(locator, 'driver ' || coalesce(driver, 'not set') || iif(external, ', external', ''))) as evidence,
  path as file, line, "column"
from compose_network
