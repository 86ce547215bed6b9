-- SPDX-License-Identifier: Apache-2.0
-- Whether requests to the engine are judged by a plugin.
select id as resource, name as resource_name,
  case when plugins is null then 'unknown' when coalesce(json_array_length(plugins, '$.Authorization'), 0) > 0 then 'ok' else 'alarm' end as status,
  case when plugins is null then 'the engine does not list its plugins'
       when coalesce(json_array_length(plugins, '$.Authorization'), 0) > 0 then 'requests are put to ' || (select group_concat(value, ', ') from json_each(plugins, '$.Authorization'))
       else 'no authorization plugin is asked: whoever reaches the socket may do everything' end as reason,
  'observed' as layer, json_array(evidence(locator, 'Plugins.Authorization ' || coalesce(plugins -> '$.Authorization', 'not there'))) as evidence
from docker_info
