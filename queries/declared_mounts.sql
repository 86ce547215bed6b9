-- SPDX-License-Identifier: Apache-2.0
-- What Compose services mount of the host, by the source and not by the target. param what:
-- engine_socket (an engine's control socket, or a folder that holds one), system_folder (its system, users or secrets; read-only is told), shared (changes reach the host).
with mount as (
  select *, case param('what')
    when 'engine_socket' then 2 * (coalesce(type, '') in ('bind', 'npipe', '') and coalesce(source regexp '(?i)(docker|containerd|podman|crio|buildkitd)(\.raw)?\.sock/?$|[\\/]pipe[\\/]docker' or source regexp '^(/|/run|/var|/var/run|/run/(docker|containerd|podman)|/var/run/(docker|containerd|podman)|/var/lib/docker.*)/?$', 0))
    when 'system_folder' then case when coalesce(type, '') <> 'bind' or source is null then 0 when source regexp '^/+$' then 2
      when source regexp '^/(boot|dev|etc|lib|lib32|lib64|libx32|bin|sbin|proc|sys|usr|root)(/|$)' or source regexp '^/(var|run|home|var/run|var/lib|var/log)/?$' or source regexp '^/var/lib/(docker|containerd)(/|$)' then iif(coalesce(read_only, 0), 1, 2) else 0 end
    else 2 * coalesce(propagation in ('shared', 'rshared'), 0) end as is_bad
  from compose_volume where active
),
worst as (
  select project, service, max(is_bad) as bad, sum(not known and is_bad < 2) as unknown, count(*) as mounts from mount group by project, service
),
first as (
  select *, row_number() over (partition by project, service order by is_bad desc, known, line, "column") as place from mount
)
select
  'compose:' || s.project || ':' || s.service as resource, s.service as resource_name,
  case when w.bad = 2 then 'alarm' when w.unknown > 0 or s.unresolved like '%"volumes"%' then 'unknown' when w.bad = 1 then 'info' else 'ok' end as status,
  case when w.bad = 2 or (w.bad = 1 and w.unknown = 0) then case param('what')
      when 'engine_socket' then f.source || ' is mounted on ' || f.target || iif(f.read_only, ' (read-only is no help: a socket is spoken to)', '') || ': whoever speaks to the engine owns the host.'
      when 'system_folder' then f.source || ' of the host is mounted on ' || f.target || iif(f.read_only, ', read-only', ', writable') || '.'
      else 'The mount on ' || f.target || ' has the propagation ' || f.propagation || ': what is mounted below it inside appears on the host.' end
    when w.unknown > 0 or s.unresolved like '%"volumes"%' then 'A mount rests on a variable that has no value here: ' || coalesce(f.source, 'source') || ' on ' || coalesce(f.target, 'target') || '.'
    else case param('what') when 'engine_socket' then 'No engine socket is among its ' || coalesce(w.mounts, 0) || ' mounts.'
      when 'system_folder' then 'None of its ' || coalesce(w.mounts, 0) || ' mounts is a system folder of the host.' else 'None of its ' || coalesce(w.mounts, 0) || ' mounts is shared.' end
  end as reason,
  'declared' as layer,
  coalesce((select json_group_array(evidence(m.locator, coalesce(m.source, '') || ' on ' || coalesce(m.target, '') || iif(m.read_only, ', read-only', '')))
    from (select * from mount m where m.project = s.project and m.service = s.service order by is_bad desc limit 20) m having count(*) > 0),
    json_array(evidence(s.locator, 'no volumes'))) as evidence,
  coalesce(f.path, s.path) as file, coalesce(f.line, s.line) as line, coalesce(f."column", s."column") as "column"
from compose_service s
left join worst w on w.project = s.project and w.service = s.service
left join first f on f.project = s.project and f.service = s.service and f.place = 1
where s.active
