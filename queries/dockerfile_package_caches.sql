-- SPDX-License-Identifier: Apache-2.0
-- Lists and downloads of package managers that stay in a layer of what is delivered: a later RUN that deletes them does not take them out of it.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
command as (
  select *, name || coalesce((select ' ' || group_concat(value, ' ') from json_each(args)), '') as line_text from dockerfile_command where in_final
),
-- What a mount holds is in no layer.
mounted as (
  select i.path, i.start_line, group_concat(f.value ->> 'value', ' ') as mounts from dockerfile_instruction i, json_each(i.flags) f
  where f.value ->> 'name' = 'mount' and f.value ->> 'value' regexp 'type=(cache|tmpfs)' group by i.path, i.start_line
),
run as (
  select c.path, c.start_line, group_concat(c.line_text, '; ') as text, coalesce(max(m.mounts), '') as mounts
  from command c left join mounted m on m.path = c.path and m.start_line = c.start_line group by c.path, c.start_line
),
kept as (
  select c.*, case
      when c.line_text regexp '^(apt|apt-get|aptitude) (.* )?update( |$)' and r.text not regexp 'rm [^;]*/var/lib/apt' and r.mounts not regexp '/var/lib/apt' then 'the lists of apt (/var/lib/apt/lists)'
      when c.line_text regexp '^apk (.* )?(add|update|upgrade)( |$)' and c.line_text not regexp ' --no-cache( |$)| --update-cache( |$)' and r.text not regexp 'rm [^;]*/var/cache/apk|apk [^;]*cache clean' and r.mounts not regexp '/(var/cache|etc)/apk' then 'the index of apk (/var/cache/apk)'
      when c.line_text regexp '^(yum|dnf|dnf5|microdnf|tdnf) (.* )?(install|update|upgrade|localinstall|groupinstall)( |$)' and r.text not regexp '(yum|dnf|dnf5|microdnf|tdnf) [^;]*clean|rm [^;]*/var/cache/(yum|dnf|libdnf5|tdnf)' and r.mounts not regexp '/var/cache/(yum|dnf|libdnf5|tdnf)' then 'the cache of ' || c.name || ' (/var/cache)'
      when c.line_text regexp '^zypper (.* )?(install|in|update|up|patch|refresh|ref)( |$)' and r.text not regexp 'zypper [^;]*(clean|cc)|rm [^;]*/var/cache/zypp' and r.mounts not regexp '/var/cache/zypp' then 'the cache of zypper (/var/cache/zypp)'
      when c.line_text regexp '^pip[0-9.]* (.* )?install( |$)' and c.line_text not regexp ' --no-cache-dir' and r.text not regexp 'pip[0-9.]* [^;]*cache purge|rm [^;]*/\.cache' and r.mounts not regexp '/\.cache|/pip' then 'the downloads of pip (~/.cache)'
    end as what
  from command c join run r on r.path = c.path and r.start_line = c.start_line
),
-- ENV PIP_NO_CACHE_DIR is the same as the option.
pip as (select path, min(start_line) as line from dockerfile_instruction where instruction = 'env' and args regexp '"PIP_NO_CACHE_DIR=("|.)?[^"0]' group by path),
found as (
  select k.path, k.locator, k.line, k."column", 'alarm' as status, 'The layer keeps ' || k.what || '.' as reason, substr(k.line_text, 1, 500) as said
  from kept k left join pip p on p.path = k.path and p.line < k.start_line
  where k.what is not null and not (p.line is not null and k.what like '%pip%')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No layer of what is delivered keeps lists or downloads of a package manager.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
