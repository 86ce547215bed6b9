-- SPDX-License-Identifier: Apache-2.0
-- Whether the engine logs at a wanted level (setting log_levels), and debug mode is off.
with level as (select value ->> '$' as value, source, locator from dockerd_config where name = 'log-level')
select e.id as resource, e.name as resource_name,
  case when e.debug then 'alarm' when l.value is null then 'unknown' when setting_has('log_levels', l.value) then 'ok' else 'alarm' end as status,
  case when e.debug then 'debug mode is on, whatever the level is (' || coalesce(l.value, 'not known') || ')'
       when l.value is null then 'the effective log level could not be read'
       else 'the log level is ' || l.value || ' (' || l.source || ')' || iif(setting_has('log_levels', l.value), '', '; it should be ' || setting('log_levels')) end as reason,
  case when e.debug and setting_has('log_levels', l.value) then 'disagreement' when e.debug then 'observed' else 'configured' end as layer,
  json_array(evidence(l.locator, 'log-level ' || l.value || ' (' || l.source || ')'), evidence(e.locator, 'Debug is ' || iif(e.debug, 'true', 'false'))) as evidence
from docker_info e left join level l
