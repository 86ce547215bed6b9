-- SPDX-License-Identifier: Apache-2.0
-- Does every process of each container have NoNewPrivs?
with daemon as (
  select max(value) as value, max(source) as origin, max(locator) as locator from dockerd_config where name = 'no-new-privileges'
),
option as materialized (
  -- As the engine reads it: the bare word means true, else Go's strconv.ParseBool; the last one wins.
  select c.id as container_id, o.value as text, row_number() over (partition by c.id order by o.key desc) as place
  from docker_container c, json_each(c.security_options) o where o.value regexp '^no-new-privileges([=:].*)?$'
),
chosen as materialized (
  select c.id, c.name, c.pid, c.privileged, c.locator, o.text, d.value as daemon_value, d.origin as daemon_origin, d.locator as daemon_locator,
    case
      when o.text is not null then o.text regexp '^no-new-privileges([=:](1|t|T|true|TRUE|True))?$'
      when d.value is null then null
      else d.value in ('true', '1')
    end as configured,
    case
      when o.text is not null then 'SecurityOpt is ' || o.text
      when d.value is null then 'neither the container nor, as far as could be read, the engine says no-new-privileges'
      else 'the engine''s no-new-privileges is ' || d.value
    end as configured_text
  from docker_container c left join daemon d left join option o on o.container_id = c.id and o.place = 1
),
process as materialized (
  select container_id, pid, name, no_new_privs, locator from container_process where state not in ('Z', 'X')
),
seen as (
  select container_id, count(*) as processes, sum(no_new_privs = 0) as bare, sum(no_new_privs is null) as untold from process group by container_id
),
worst as (
  select container_id, pid, name, row_number() over (partition by container_id order by coalesce(no_new_privs, 1), pid) as place from process
)
select
  c.id as resource, c.name as resource_name,
  case
    when c.pid > 0 and s.processes is null then 'unknown'
    when s.bare > 0 then 'alarm'
    when s.untold > 0 then 'unknown'
    when c.pid > 0 then 'ok'
    when c.configured then 'ok'
    when c.configured is null then 'unknown'
    else 'alarm'
  end as status,
  case
    when c.pid > 0 and s.processes is null then 'No process of this running container could be seen.'
    when s.bare > 0 then w.name || ' (process ' || w.pid || ') may gain privileges: NoNewPrivs is 0 in ' || iif(s.processes = 1, 'its one process', s.bare || ' of ' || s.processes || ' processes')
      || case when c.configured then ', although ' || c.configured_text || '.' when c.privileged then ', and the container is privileged.' else '.' end
    when s.untold > 0 then 'The kernel does not say whether NoNewPrivs is set.'
    when c.pid > 0 then 'NoNewPrivs is 1 in ' || case when s.processes = 1 then 'its one process.' else 'all ' || s.processes || ' processes.' end
    when c.configured then 'Not running; no-new-privileges is configured: ' || c.configured_text || '.'
    when c.configured is null then 'Not running; ' || c.configured_text || '.'
    else 'Not running; no-new-privileges is not configured: ' || c.configured_text || '.'
  end as reason,
  case when s.bare > 0 and c.configured then 'disagreement' when c.pid > 0 then 'observed' else 'configured' end as layer,
  json_array(
    (select json_group_array(evidence(locator, name || ' (process ' || pid || '): NoNewPrivs ' || coalesce(no_new_privs, 'not said')))
       from (select * from process p where p.container_id = c.id order by coalesce(no_new_privs, 1), pid limit 20)),
    evidence(c.locator, coalesce('SecurityOpt ' || c.text, 'SecurityOpt has no no-new-privileges')),
    evidence(c.daemon_locator, 'no-new-privileges ' || c.daemon_value || ' (' || c.daemon_origin || ')')) as evidence,
  s.processes as processes, s.bare as processes_without, w.pid as pid, w.name as process
from chosen c
left join seen s on s.container_id = c.id
left join worst w on w.container_id = c.id and w.place = 1
