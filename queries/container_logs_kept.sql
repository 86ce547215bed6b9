-- SPDX-License-Identifier: Apache-2.0
-- Whether what containers print is kept at all: by which driver, for each container.
select
  c.id as resource, c.name as resource_name,
  case when coalesce(c.log_driver, '') = '' then 'unknown' when c.log_driver = 'none' then 'alarm' else 'ok' end as status,
  case when coalesce(c.log_driver, '') = '' then 'The engine does not tell where its output goes.'
    when c.log_driver = 'none' then 'Its output is thrown away (log driver none).' else 'Its output goes to the log driver ' || c.log_driver || '.' end as reason,
  'configured' as layer,
  json_array(evidence(c.locator, 'LogConfig.Type is ' || coalesce(c.log_driver, 'null'))) as evidence,
  c.log_driver as log_driver
from docker_container c
