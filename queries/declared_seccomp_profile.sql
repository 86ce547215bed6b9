-- SPDX-License-Identifier: Apache-2.0
-- Whether Compose services name a seccomp profile made for them. What the profile allows, its file says, and a running container shows.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when privileged or off then 'alarm' when unresolved regexp '"(security_opt|privileged)"' then 'unknown' when own then 'ok' else 'info' end as status,
  case when privileged then 'privileged: true switches seccomp off.' when off then 'security_opt switches seccomp off: ' || security_opt || '.'
    when unresolved regexp '"(security_opt|privileged)"' then 'What decides rests on a variable that has no value here: security_opt or privileged.'
    when own then 'It names a seccomp profile of its own: ' || security_opt || '.'
    else 'It names no seccomp profile: the engine''s default holds, which is not made for it.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'security_opt: ' || coalesce(security_opt, 'not set') || iif(privileged, ', privileged', ''))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(security_opt regexp '(?i)"seccomp[:=]unconfined"', 0) as off, coalesce(security_opt regexp '(?i)"seccomp[:=][^"]', 0) as own,
    coalesce(positions -> 'security_opt', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
