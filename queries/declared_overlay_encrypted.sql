-- SPDX-License-Identifier: Apache-2.0
-- Overlay networks of stack files whose traffic between nodes is not encrypted.
select 'compose:' || project || ':network:' || name as resource, name as resource_name,
  case when not known then 'unknown' when coalesce(driver_opts, '{}') regexp '"encrypted":(""|"?true"?|"?1"?|null)' then 'ok' else 'alarm' end as status,
  case when not known then 'Its settings rest on a variable that has no value here.'
    when coalesce(driver_opts, '{}') regexp '"encrypted":(""|"?true"?|"?1"?|null)' then 'Traffic between nodes is encrypted.'
    else 'The overlay network is not encrypted: driver_opts has no encrypted.' end as reason,
  'declared' as layer, json_array(evidence(locator, 'driver ' || driver || ', driver_opts ' || coalesce(driver_opts, 'not set'))) as evidence,
  path as file, line, "column"
from compose_network where driver = 'overlay' and coalesce(external, 0) = 0
