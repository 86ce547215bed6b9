-- SPDX-License-Identifier: Apache-2.0
-- Whether containers live on while the engine restarts.
select id as resource, name as resource_name,
  case when swarm_state in ('active', 'pending', 'locked') then 'skip' when live_restore_enabled is null then 'unknown' when live_restore_enabled then 'ok' else 'alarm' end as status,
  case when swarm_state in ('active', 'pending', 'locked') then 'in a Swarm, where live restore is not possible' when live_restore_enabled is null then 'the engine does not say whether live restore is on' when live_restore_enabled then 'live restore is on' else 'live restore is off' end as reason,
  'observed' as layer, json_array(evidence(locator, 'LiveRestoreEnabled is ' || iif(live_restore_enabled, 'true', 'false'))) as evidence
from docker_info
