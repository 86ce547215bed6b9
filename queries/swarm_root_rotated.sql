-- SPDX-License-Identifier: Apache-2.0
-- How old the Swarm's root certificate is. Rotations leave no other trace but a counter and the new certificate's date.
with here as (
  -- Only a manager is asked for the cluster: a worker has the root certificate as a file.
  select name, swarm_state, locator, case when swarm_manager then (select json_object('rotating', root_rotation_in_progress, 'asked', ca_force_rotate) from docker_swarm) end as told
  from docker_info
),
root as (
  select *, (as_of_ms() - not_before_ms) / 86400000 as age_days, row_number() over (order by not_before_ms desc) as place
  from swarm_certificate where kind = 'root'
),
judged as (
  select h.name, h.swarm_state, h.locator as info_locator, coalesce(h.told ->> '$.rotating', 0) as rotating, h.told ->> '$.asked' as asked, r.*, setting('ca_age_max') + 0 as most
  from here h left join root r on r.place = 1
)
select
  'host' as resource, name as resource_name,
  case
    when swarm_state = 'inactive' then 'skip'
    when kind is null then 'unknown'
    when not_after_ms < as_of_ms() then 'alarm'
    when rotating then 'info'
    when age_days > most then 'alarm'
    else 'ok'
  end as status,
  case
    when swarm_state = 'inactive' then 'Not in a Swarm.'
    when kind is null then 'The root certificate of the Swarm could not be read.'
    when not_after_ms < as_of_ms() then 'The root certificate ended on ' || substr(not_after, 1, 10) || '.'
    when rotating then 'The root certificate is being rotated now; the one in use is ' || age_days || ' days old.'
    when age_days > most then 'The root certificate is ' || age_days || ' days old (' || substr(not_before, 1, 10) || '), more than ' || most || '.'
    else 'The root certificate is ' || age_days || ' days old (' || substr(not_before, 1, 10) || ')' || coalesce('; rotations asked for: ' || asked || '.', '.')
  end as reason,
  'observed' as layer,
  json_array(evidence(coalesce(locator, info_locator), coalesce(subject || ', valid from ' || not_before || ' to ' || not_after, 'no certificate'))) as evidence,
  age_days as age_days, fingerprint as fingerprint
from judged
