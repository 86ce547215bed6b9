-- SPDX-License-Identifier: Apache-2.0
-- Compose services that switch a protection of Docker's off. param pattern: the entries of security_opt that do; what: the protection.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when privileged or coalesce(security_opt regexp param('pattern'), 0) then 'alarm' when unresolved regexp '"(security_opt|privileged)"' then 'unknown' when 1 then 'ok' else 'alarm' end as status,
  case when privileged or coalesce(security_opt regexp param('pattern'), 0) then iif(privileged, 'privileged: true switches ' || param('what') || ' off.', 'security_opt switches ' || param('what') || ' off: ' || security_opt || '.')
    when unresolved regexp '"(security_opt|privileged)"' then 'What decides rests on a variable that has no value here: security_opt or privileged.'
    when 1 then 'It leaves ' || param('what') || ' as Docker sets it' || iif(security_opt like '%seccomp%' and param('what') = 'seccomp', ', but with a profile of its own.', '.')
    else iif(privileged, 'privileged: true switches ' || param('what') || ' off.', 'security_opt switches ' || param('what') || ' off: ' || security_opt || '.') end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'security_opt: ' || coalesce(security_opt, 'not set') || iif(privileged, ', privileged', ''))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'security_opt', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
