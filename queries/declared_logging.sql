-- SPDX-License-Identifier: Apache-2.0
-- Log drivers of Compose services. param leave: yes asks whether logs leave the host (setting remote_log_drivers), no whether they are kept at all.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when unresolved like '%"logging"%' then 'unknown' when driver is null then 'info' when driver = 'none' then 'alarm'
    when param('leave') = 'no' or setting_has('remote_log_drivers', driver) then 'ok' when driver = 'journald' then 'info' else 'alarm' end as status,
  case when unresolved like '%"logging"%' then 'What decides rests on a variable that has no value here: logging.'
    when driver is null then 'It names no log driver: that of the engine holds.' when driver = 'none' then 'Its output is thrown away (log driver none).'
    when param('leave') = 'no' then 'Its output goes to the log driver ' || driver || '.'
    when setting_has('remote_log_drivers', driver) then 'Its log driver ' || driver || ' sends logs off the host.'
    when driver = 'journald' then 'Its log driver is journald: whether something forwards the journal is to be looked at.'
    else 'Its log driver ' || driver || ' keeps logs on the host.' end as reason,
  'declared' as layer, json_array(evidence(place ->> 'locator', 'logging.driver: ' || coalesce(driver, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, nullif(logging ->> 'driver', '') as driver, coalesce(positions -> 'logging', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
