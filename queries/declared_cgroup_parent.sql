-- SPDX-License-Identifier: Apache-2.0
-- Compose services that ask for a place of their own among the control groups.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when cgroup_parent is not null and not setting_has('cgroup_parents', cgroup_parent) then 'alarm' when unresolved regexp '"(cgroup_parent)"' then 'unknown' when 1 then 'ok' else 'alarm' end as status,
  case when cgroup_parent is not null and not setting_has('cgroup_parents', cgroup_parent) then 'It asks for a control group under ' || cgroup_parent || '.'
    when unresolved regexp '"(cgroup_parent)"' then 'What decides rests on a variable that has no value here: cgroup_parent.'
    when 1 then iif(cgroup_parent is null, 'It names no parent for its control group.', 'Its control group is under ' || cgroup_parent || ', as the setting cgroup_parents allows.')
    else 'It asks for a control group under ' || cgroup_parent || '.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'cgroup_parent: ' || coalesce(cgroup_parent, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'cgroup_parent', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
