-- SPDX-License-Identifier: Apache-2.0
-- Packages that a RUN installs into what is delivered, of kinds that no service needs to run.
-- What a stage installs of which only files are copied is no matter of this. What the base image brings, its layers tell.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
install as (
  select *, name || coalesce((select ' ' || group_concat(value, ' ') from json_each(args)), '') as line_text from dockerfile_command
  where in_final and name in ('apt-get', 'apt', 'aptitude', 'apk', 'yum', 'dnf', 'microdnf', 'tdnf', 'zypper') and args regexp '"(install|add|in|localinstall|groupinstall)"'
),
removal as (
  select path, start_line, group_concat(' ' || (select group_concat(value, ' ') from json_each(args)) || ' ') as names from dockerfile_command
  where name in ('apt-get', 'apt', 'aptitude', 'apk', 'yum', 'dnf', 'microdnf', 'tdnf', 'zypper') and args regexp '"(remove|purge|del|erase|rm)"' group by path, start_line
),
-- A package that the same RUN takes away again never was in a layer; neither were those of a named group that it takes away.
package as (
  select i.*, substr(p.value, 1, instr(replace(replace(replace(p.value, '~', '='), '<', '='), '>', '=') || '=', '=') - 1) as package, r.names as removed
  from install i join json_each(i.args) p left join removal r on r.path = i.path and r.start_line = i.start_line
  where p.value not regexp '^-' and coalesce(r.names, '') not like '% ' || p.value || ' %'
    and not (i.name = 'apk' and i.args regexp '"(-t|--virtual)"|"--virtual=' and coalesce(r.names, '') like '% ' || coalesce(
      (select n.value from json_each(i.args) v join json_each(i.args) n on n.key = v.key + 1 where v.value in ('-t', '--virtual')),
      (select substr(v.value, 11) from json_each(i.args) v where v.value like '--virtual=%')) || ' %')
),
found as (
  select path, locator, line, "column", 'alarm' as status,
    'It installs what no service needs to run: ' || group_concat(package, ', ') || '.' as reason, substr(line_text, 1, 500) as said
  from package
  where package regexp '^(gcc|g\+\+|clang|tcc|rustc|rust|cargo|golang|go|ghc|make|cmake|ninja-build|build-essential|build-base|llvm|gcc-c\+\+|base-devel|alpine-sdk)(-?[0-9.]+)?$|^(sudo|doas|bash-completion|vim|vim-tiny|nano|emacs|less|man-db)$|^(openssh-server|openssh|dropbear|tinysshd|xrdp|x11vnc|telnetd|telnet-server|rsh-server|ttyd|shellinabox)$|^(netcat.*|ncat|nmap|tcpdump|socat|telnet|inetutils-telnet|busybox-extras|ftp|tftp|gdb|strace|iputils-ping|net-tools)$'
  group by locator
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No RUN of what is delivered installs anything on the list; what the base image brings is not in the file.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
