-- SPDX-License-Identifier: Apache-2.0
-- Capabilities of Compose services beyond those that Docker gives by itself; NET_RAW is among them, and told where it is kept.
with added as (
  select s.project, s.service, group_concat(replace(upper(value), 'CAP_', ''), ', ') as names, max(replace(upper(value), 'CAP_', '') = 'NET_RAW') as raw
  from compose_service s, json_each(s.cap_add)
  where s.active and value <> '' and replace(upper(value), 'CAP_', '') not in ('CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'SETGID', 'SETUID', 'SETFCAP', 'SETPCAP', 'NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE')
  group by s.project, s.service
),
dropped as (
  select s.project, s.service, max(replace(upper(value), 'CAP_', '') in ('ALL', 'NET_RAW')) as raw
  from compose_service s, json_each(s.cap_drop) where s.active group by s.project, s.service
),
judged as (
  select s.*, a.names as added, a.names is not null and a.names <> 'NET_RAW' as beyond, coalesce(d.raw, 0) and not coalesce(a.raw, 0) as without_raw,
    coalesce(s.positions -> 'cap_add', s.positions -> 'cap_drop', json_object('locator', s.locator, 'file', s.path, 'line', s.line, 'column', s."column")) as place
  from compose_service s
  left join added a on a.project = s.project and a.service = s.service
  left join dropped d on d.project = s.project and d.service = s.service
  where s.active
)
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when privileged or beyond then 'alarm' when unresolved regexp '"(cap_add|cap_drop|privileged)"' then 'unknown' when without_raw then 'ok' else 'info' end as status,
  case
    when privileged then 'privileged: true gives it every capability, whatever cap_drop says.'
    when beyond then 'It asks for more than Docker gives by itself: ' || added || '.'
    when unresolved regexp '"(cap_add|cap_drop|privileged)"' then 'Its capabilities rest on a variable that has no value here.'
    when without_raw then 'It asks for nothing beyond the default, without NET_RAW.'
    else 'Nothing beyond the default, but NET_RAW is kept: few programs need it.'
  end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'cap_add ' || coalesce(cap_add, 'not set') || ', cap_drop ' || coalesce(cap_drop, 'not set') || iif(privileged, ', privileged', ''))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from judged
