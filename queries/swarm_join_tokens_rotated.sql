-- SPDX-License-Identifier: Apache-2.0
-- What the engine lets see of the age of join tokens: a Swarm that has not changed since it was made has the tokens it was made with.
with swarm as (
  select *, (as_of_ms() - unixepoch(created_at) * 1000) / 86400000 as age, (as_of_ms() - unixepoch(updated_at) * 1000) / 86400000 as unchanged from docker_swarm
)
select 'host' as resource, i.name as resource_name,
  case when i.swarm_state = 'inactive' then 'skip' when s.id is null or s.unchanged is null then 'unknown' when s.unchanged > 365 then 'alarm' else 'info' end as status,
  case when i.swarm_state = 'inactive' then 'Not in a Swarm.'
    when s.id is null or s.unchanged is null then 'When the Swarm was last changed is not told here: audit a manager.'
    when s.unchanged > 365 then 'Nothing of the Swarm was changed for ' || s.unchanged || ' days, so its join tokens are at least as old.'
    else 'The engine keeps no date of join tokens; the Swarm is ' || coalesce(s.age, s.unchanged) || ' days old and was last changed ' || s.unchanged || ' days ago.' end as reason,
  'configured' as layer,
  json_array(evidence(coalesce(s.locator, i.locator), 'UpdatedAt is ' || coalesce(nullif(s.updated_at, ''), 'not told'))) as evidence
from docker_info i left join swarm s
