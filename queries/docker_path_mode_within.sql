-- SPDX-License-Identifier: Apache-2.0
-- Has this part of Docker (param thing of docker_host_path) no permission bit outside the mask (param mask, octal)? Bits are compared and
-- not numbers: 0466 is less than 0644 and lets everybody write. An ACL that grants more counts as well. Each path is one result.
with judged as (
  select p.*, p.mode_number & ~octal(param('mask')) as extra,
    (select group_concat(value, ', ') from json_each(p.acl)) as grants
  from docker_host_path p where p.thing = param('thing'))
select coalesce(j.real_path, 'host') as resource, coalesce(j.real_path, 'host') as resource_name,
  case when j.problem is not null then 'unknown' when not j.is_there then 'skip' when j.extra <> 0 or j.grants is not null then 'alarm' when j.acl is null then 'unknown' else 'ok' end as status,
  case when j.problem is not null then coalesce(j.path || ': ', '') || j.problem when not j.is_there then coalesce(j.path || ': ', '') || coalesce(j.reason, 'not there')
       when j.extra <> 0 then j.real_path || ' has mode ' || j.mode || ', which has the bits ' || printf('%04o', j.extra) || ' beyond ' || param('mask')
       when j.grants is not null then j.real_path || ' has mode ' || j.mode || ', and an ACL grants more: ' || j.grants
       when j.acl is null then j.real_path || ' has mode ' || j.mode || '; whether an ACL grants more could not be read'
       else j.real_path || ' has mode ' || j.mode || ', within ' || param('mask') end as reason,
  'configured' as layer,
  json_array(evidence(j.locator, case when j.is_there then 'mode ' || j.mode || ', ACL ' || coalesce(j.acl, 'not read') else coalesce(j.reason, j.problem) end), evidence(j.found_locator, 'told by ' || j.found_by)) as evidence,
  j.found_by as found_by
from judged j
