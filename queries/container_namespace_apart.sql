-- SPDX-License-Identifier: Apache-2.0
-- Does each container have a namespace of its own of one type? Of running containers the kernel decides; it also shows who shares one with another container.
-- param('type'): net, pid, ipc, uts; param('key'): the key of HostConfig that asks for it; param('what'): its name in a sentence.
with space as materialized (select container_id, is_host, inode, locator from container_namespace where type = param('type')),
mode as materialized (
  select id, name, pid, locator, coalesce(json_extract(host_config, '$.' || param('key')), '') as value from docker_container),
shared as (
  select a.container_id, group_concat(m.name, ', ') as names from space a join space b on b.inode = a.inode and b.container_id <> a.container_id join mode m on m.id = b.container_id group by a.container_id)
select m.id as resource, m.name as resource_name,
  case when m.pid > 0 and s.is_host is null then 'unknown' when s.is_host then 'alarm' when m.pid > 0 and (h.names is not null or m.value like 'container:%' or m.value = 'shareable') then 'info' when m.pid > 0 then 'ok'
       when m.value = 'host' then 'alarm' when m.value like 'container:%' then 'unknown' when m.value = 'shareable' then 'info' else 'ok' end as status,
  case when m.pid > 0 and s.is_host is null then 'The ' || param('what') || ' of this running container could not be seen.'
       when s.is_host then 'It uses the ' || param('what') || ' of the host' || iif(m.value = 'host', '.', ', although ' || param('key') || ' is ' || iif(m.value = '', 'empty', m.value) || '.')
       when m.pid > 0 and h.names is not null then 'Its ' || param('what') || ' is not the host''s, and it shares it with ' || h.names || '.'
       when m.pid > 0 and m.value = 'shareable' then 'Its ' || param('what') || ' is its own, and other containers may join it (shareable).'
       when m.pid > 0 and m.value like 'container:%' then 'Its ' || param('what') || ' is not the host''s, but that of another container (' || m.value || ').'
       when m.pid > 0 then 'It has a ' || param('what') || ' of its own.'
       when m.value = 'host' then 'Not running; it is set to use the ' || param('what') || ' of the host.'
       when m.value like 'container:%' then 'Not running; it is set to use the ' || param('what') || ' of another container (' || m.value || ').'
       when m.value = 'shareable' then 'Not running; other containers may join its ' || param('what') || ' (shareable).'
       else 'Not running; it is set to have a ' || param('what') || ' of its own.' end as reason,
  case when m.pid = 0 then 'configured' when s.is_host and m.value <> 'host' then 'disagreement' else 'observed' end as layer,
  json_array(evidence(s.locator, param('type') || ':[' || s.inode || ']' || iif(s.is_host, ', the engine''s', '')), evidence(m.locator, param('key') || ' is ' || iif(m.value = '', 'empty', m.value))) as evidence,
  m.value as mode
from mode m left join space s on s.container_id = m.id left join shared h on h.container_id = m.id
