-- SPDX-License-Identifier: Apache-2.0
-- Whether each container was started from a definition: it belongs to a Compose project or a stack.
select c.id as resource, c.name as resource_name,
  iif(d.value is null, 'alarm', 'info') as status,
  iif(d.value is null, 'Started by hand: it belongs to no Compose project and no stack, so nothing declares it and its networks.',
    'Declared as part of ' || d.value || '; what the definition is worth, people state.') as reason,
  'configured' as layer,
  json_array(evidence(c.locator, 'label of a Compose project or stack: ' || coalesce(d.value, 'none'))) as evidence
from docker_container c
left join (select container_id, min(value) as value from docker_container_label
  where key in ('com.docker.compose.project', 'com.docker.stack.namespace') and value <> '' group by container_id) d on d.container_id = c.id
