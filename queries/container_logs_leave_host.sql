-- SPDX-License-Identifier: Apache-2.0
-- Whether logs leave the host: by the engine's log driver, and by those of containers that differ (setting remote_log_drivers).
with judged as (
  select id, name, logging_driver as driver, locator, 'LoggingDriver ' as word, 'observed' as layer, 'the engine''s log driver is ' as text from docker_info
  union all
  select c.id, c.name, c.log_driver, c.locator, 'LogConfig.Type ', 'configured', 'its own log driver is ' from docker_container c, docker_info e
  where coalesce(c.log_driver, '') <> '' and c.log_driver <> e.logging_driver)
select id as resource, name as resource_name,
  case when coalesce(driver, '') = '' then 'unknown' when setting_has('remote_log_drivers', driver) then 'ok' when driver = 'journald' then 'info' else 'alarm' end as status,
  case when coalesce(driver, '') = '' then 'the engine does not name its log driver'
       else text || driver || case when setting_has('remote_log_drivers', driver) then ', which sends logs off the host' when driver = 'journald' then '; whether something forwards the journal is to be looked at'
         when driver = 'none' then ': nothing is logged' else ': logs stay on the host' end end as reason,
  layer, json_array(evidence(locator, word || driver)) as evidence, driver as driver
from judged
