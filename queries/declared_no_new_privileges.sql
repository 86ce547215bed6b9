-- SPDX-License-Identifier: Apache-2.0
-- Compose services whose processes may gain privileges. Asking for `no-new-privileges=false` is not asking for it.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when unresolved not like '%"security_opt"%' and not coalesce(security_opt regexp '"no-new-privileges([:=]true)?"', 0) then 'alarm' when unresolved regexp '"(security_opt)"' then 'unknown' when security_opt regexp '"no-new-privileges([:=]true)?"' then 'ok' else 'alarm' end as status,
  case when unresolved not like '%"security_opt"%' and not coalesce(security_opt regexp '"no-new-privileges([:=]true)?"', 0) then 'security_opt has no no-new-privileges:true: a set-user-id program makes its caller root.'
    when unresolved regexp '"(security_opt)"' then 'What decides rests on a variable that has no value here: security_opt.'
    when security_opt regexp '"no-new-privileges([:=]true)?"' then 'no-new-privileges is set.'
    else 'security_opt has no no-new-privileges:true: a set-user-id program makes its caller root.' end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'security_opt: ' || coalesce(security_opt, 'not set'))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'security_opt', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
