-- SPDX-License-Identifier: Apache-2.0
-- Dockerfiles that offer a port for remote management.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select i.path, i.locator, i.start_line as line, i."column", 'alarm' as status, 'EXPOSE ' || e.value || ' is a port of remote management.' as reason, 'EXPOSE ' || e.value as said
  from dockerfile_instruction i, json_each(i.expanded) e
  where i.instruction = 'expose' and e.value regexp '^(22|23|2222|3389|5900|5985|5986)(/tcp)?$'
  union all
  select path, locator, line, "column", 'alarm', 'A server for remote management is installed: ' || name || coalesce((select ' ' || group_concat(value, ' ') from json_each(args)), '') || '.', name
  from dockerfile_command
  where name in ('apt-get', 'apt', 'apk', 'yum', 'dnf', 'microdnf', 'zypper') and args regexp '"(openssh|openssh-server|dropbear|telnetd|telnet-server|xrdp|vnc4server|tigervnc[a-z-]*|webmin|cockpit)"'
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'It offers and installs no remote management.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
