-- SPDX-License-Identifier: Apache-2.0
-- Does this part of Docker (param thing of docker_host_path) belong to user and group 0, by number? Each path is one result. A
-- rootless engine's own user owns its files: that is for a person to judge.
select coalesce(p.real_path, 'host') as resource, coalesce(p.real_path, 'host') as resource_name,
  case when p.problem is not null then 'unknown' when not p.is_there then 'skip' when p.uid = 0 and p.gid = 0 then 'ok' when p.engine_uid <> 0 and p.uid = p.engine_uid then 'info' else 'alarm' end as status,
  case when p.problem is not null then coalesce(p.path || ': ', '') || p.problem when not p.is_there then coalesce(p.path || ': ', '') || coalesce(p.reason, 'not there')
       when p.engine_uid <> 0 and p.uid = p.engine_uid then p.real_path || ' belongs to the user of this rootless engine, ' || p.uid || ':' || p.gid
       else p.real_path || ' belongs to ' || p.uid || ':' || p.gid || ' (' || coalesce(p.owner, 'no such user') || ':' || coalesce(p.group_name, 'no such group') || ')'
            || case when p.uid = 0 and p.gid = 0 then '' else ', not to 0:0' end end as reason,
  'configured' as layer,
  json_array(evidence(p.locator, case when p.is_there then 'uid ' || p.uid || ', gid ' || p.gid else coalesce(p.reason, p.problem) end), evidence(p.found_locator, 'told by ' || p.found_by)) as evidence,
  p.found_by as found_by
from docker_host_path p where p.thing = param('thing')
