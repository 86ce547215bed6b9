-- SPDX-License-Identifier: Apache-2.0
-- Whether containers have a health check and pass it.
with check_of as (
  select id, name, pid, status, locator, health, healthcheck_test, coalesce(healthcheck_test, '[]') not in ('', '[]', 'null', '["NONE"]') as has_check from docker_container)
select id as resource, name as resource_name,
  case when pid > 0 and health = 'unhealthy' then 'alarm' when pid > 0 and health = 'healthy' then 'ok' when pid > 0 and health = 'starting' then 'info' when not has_check then 'alarm' when pid > 0 then 'unknown' else 'ok' end as status,
  case when pid > 0 and health = 'unhealthy' then 'It fails its health check.' when pid > 0 and health = 'healthy' then 'It passes its health check.' when pid > 0 and health = 'starting' then 'Its health check has not passed yet (starting).'
       when not has_check then iif(pid > 0, 'It has no health check.', 'Not running; it has no health check.')
       when pid > 0 then 'It has a health check, and the engine does not tell its result.' else 'Not running; a health check is configured.' end as reason,
  case when pid > 0 and health is not null then 'observed' else 'configured' end as layer, json_array(evidence(locator, 'Health is ' || coalesce(health, 'not told') || ', ' || iif(has_check, 'a health check is configured', 'no health check'))) as evidence
from check_of
