-- SPDX-License-Identifier: Apache-2.0
-- Does each container have a user namespace in which root is not root of the host?
with engine as (
  select locator, security_options,
    exists (select 1 from json_each(security_options) where value = 'name=rootless' or value like 'name=rootless,%') as rootless,
    exists (select 1 from json_each(security_options) where value = 'name=userns' or value like 'name=userns,%') as remapped
  from docker_info
),
space as materialized (
  -- Lines of "id inside, id outside, count". "0 0 65536" is no identity in the kernel's sense, and root is root all the same.
  select container_id, locator, trim(replace(uid_map, char(10), '; '), ' ;') as map_text, uid_map regexp '(?m)^\s*0\s+[0-9]' as has_root,
    is_identity_map or uid_map regexp '(?m)^\s*0\s+0\s' as root_is_root,
    cast(ltrim(substr(ltrim(uid_map), instr(ltrim(uid_map), ' '))) as integer) as first_outside
  from container_namespace where type = 'user' and uid_map is not null
)
select
  c.id as resource, c.name as resource_name,
  case
    when c.pid = 0 and c.userns_mode = 'host' and not e.rootless then 'alarm'
    when c.pid = 0 then 'unknown'
    when s.map_text is null then 'unknown'
    when e.rootless then 'ok'
    when s.root_is_root then 'alarm'
    else 'ok'
  end as status,
  case
    when c.pid = 0 and c.userns_mode = 'host' and not e.rootless then 'Not running; it is set to use the user namespace of the host (UsernsMode is host).'
    when c.pid = 0 then 'Not running: no map of user ids to read; the engine ' || case when e.rootless then 'runs rootless.'
      when e.remapped then 'has userns-remap.' when e.locator is null then 'did not say what it does.' else 'has no userns-remap.' end
    when s.map_text is null then 'The map of user ids of this running container could not be seen.'
    when e.rootless then 'The engine runs rootless' || iif(s.has_root and not s.root_is_root, ': root inside is user ' || s.first_outside || ' outside.', '.')
    when s.root_is_root and e.remapped then 'The engine has userns-remap, but ' || iif(c.userns_mode = 'host', 'this container was started with --userns=host: ', '') || 'root inside this container is root outside.'
    when s.root_is_root then 'Root inside is root outside: the map of user ids changes nothing.'
    when s.has_root then 'Root inside is user ' || s.first_outside || ' outside.'
    else 'Root of the host has no number inside: the map of user ids is ' || s.map_text || '.'
  end as reason,
  case when c.pid = 0 then 'configured' when s.root_is_root and e.remapped then 'disagreement' else 'observed' end as layer,
  json_array(evidence(s.locator, 'uid_map ' || s.map_text), evidence(e.locator, 'SecurityOptions ' || e.security_options),
    evidence(c.locator, 'UsernsMode is ' || coalesce(nullif(c.userns_mode, ''), 'empty'))) as evidence,
  s.first_outside as root_outside, c.userns_mode as userns_mode
from docker_container c
left join engine e
left join space s on s.container_id = c.id
