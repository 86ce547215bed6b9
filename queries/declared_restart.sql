-- SPDX-License-Identifier: Apache-2.0
-- Restart policies of Compose services: a container that fails again and again must come to rest.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when coalesce(restart, '') in ('always', 'unless-stopped') or (restart regexp '^on-failure' and cast(coalesce(nullif(substr(restart, 12), ''), '0') as integer) not between 1 and 5) or coalesce(restart_policy ->> 'condition', 'none') = 'any' or (restart_policy is not null and coalesce(restart_policy ->> 'condition', 'any') <> 'none' and coalesce(cast(restart_policy ->> 'max_attempts' as integer), 0) not between 1 and 5) then 'alarm' when unresolved regexp '"(restart|deploy)"' then 'unknown' when coalesce(restart, 'no') = 'no' and coalesce(restart_policy ->> 'condition', 'none') = 'none' then 'info' when 1 then 'ok' else 'alarm' end as status,
  case when coalesce(restart, '') in ('always', 'unless-stopped') or (restart regexp '^on-failure' and cast(coalesce(nullif(substr(restart, 12), ''), '0') as integer) not between 1 and 5) or coalesce(restart_policy ->> 'condition', 'none') = 'any' or (restart_policy is not null and coalesce(restart_policy ->> 'condition', 'any') <> 'none' and coalesce(cast(restart_policy ->> 'max_attempts' as integer), 0) not between 1 and 5) then 'It is restarted without end: ' || coalesce('restart: ' || restart, 'restart_policy ' || restart_policy) || ' (at most 5 attempts are wanted).'
    when unresolved regexp '"(restart|deploy)"' then 'What decides rests on a variable that has no value here: restart or deploy.'
    when coalesce(restart, 'no') = 'no' and coalesce(restart_policy ->> 'condition', 'none') = 'none' then 'It is not started again when it fails.'
    when 1 then 'It is restarted at most 5 times: ' || coalesce(restart, restart_policy) || '.'
    else 'It is restarted without end: ' || coalesce('restart: ' || restart, 'restart_policy ' || restart_policy) || ' (at most 5 attempts are wanted).' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'restart: ' || coalesce(restart, 'not set') || ', deploy.restart_policy: ' || coalesce(restart_policy, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'restart', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
