-- SPDX-License-Identifier: Apache-2.0
-- What in an image no service needs: programs and packages by kind, then packages of which no process has mapped a file.
with
used as materialized (
  select image_id, count(*) as containers, sum(pid > 0) as running, group_concat(name, ', ') as names from docker_container group by image_id
),
image as materialized (
  select i.id, i.name, i.locator as image_locator, coalesce(u.containers, 0) as containers, coalesce(u.running, 0) as running, u.names
  from docker_image i left join used u on u.image_id = i.id
  where json_array_length(i.repo_tags) > 0 or u.image_id is not null
),
content as materialized (select image_id, package_databases, json_array_length(layers) as layers, os_name, locator from image_config),
program as materialized (select image_id, name, path, locator from image_program),
package as materialized (select image_id, name, version, code_files, database, locator from image_package),
-- A pattern that stands in the text is made ready once; one that comes out of a column would be for every row.
hit as materialized (
  select image_id, 'compiler' as kind, name, path as what, locator from program where name regexp
    '^(gcc|g\+\+|cc|c\+\+|cpp|clang|clang\+\+|tcc|rustc|cargo|go|gofmt|javac|ghc|make|cmake|ninja)(-[0-9.]+)?$'
  union
  select image_id, 'compiler', name, 'package ' || name || ' ' || version, locator from package where name regexp
    '^(gcc|g\+\+|clang|tcc|rustc|cargo|golang|go|ghc|make|cmake|ninja-build|build-essential|build-base|llvm)(-[0-9.]+)?$'
  union
  select image_id, 'package manager' as kind, name, path as what, locator from program where name regexp
    '^(apt|apt-get|aptitude|dpkg|apk|rpm|dnf|dnf5|microdnf|yum|tdnf|zypper|pacman|opkg|pip|pip[23]|npm|gem)$'
  union
  select image_id, 'package manager', name, 'package ' || name || ' ' || version, locator from package where name regexp
    '^(apt|aptitude|apk-tools|dnf|dnf5|microdnf|yum|tdnf|zypper|pacman|opkg|python3-pip|py3-pip|npm)$'
  union
  select image_id, 'shell' as kind, name, path as what, locator from program where name regexp
    '^(sh|bash|dash|ash|zsh|ksh|mksh|csh|tcsh|fish)$'
  union
  select image_id, 'shell', name, 'package ' || name || ' ' || version, locator from package where name regexp
    '^(bash|dash|zsh|ksh|mksh|csh|tcsh|fish)$'
  union
  select image_id, 'remote management' as kind, name, path as what, locator from program where name regexp
    '^(sshd|dropbear|dropbearmulti|tinysshd|xrdp|x11vnc|Xvnc|Xtigervnc|telnetd|in\.telnetd|rshd|in\.rshd|rlogind|ttyd|shellinaboxd|gotty)$'
  union
  select image_id, 'remote management', name, 'package ' || name || ' ' || version, locator from package where name regexp
    '^(openssh-server|openssh|dropbear|dropbear-bin|tinysshd|xrdp|x11vnc|tigervnc-(standalone-)?server|telnetd|telnet-server|rsh-server|ttyd|shellinabox)$'
  union
  select image_id, 'network tool' as kind, name, path as what, locator from program where name regexp
    '^(curl|wget|nc|ncat|netcat|nmap|tcpdump|socat|telnet|ssh|scp|sftp|rsync|ftp|tftp)$'
  union
  select image_id, 'network tool', name, 'package ' || name || ' ' || version, locator from package where name regexp
    '^(curl|wget|netcat.*|ncat|nmap|tcpdump|socat|telnet|openssh-client|rsync|ftp|tftp)$'
),
kinds as (
  -- One kind, its first three names.
  select image_id, kind, count(distinct name) as names, (select group_concat(name, ', ') from
    (select distinct name from hit o where o.image_id = h.image_id and o.kind = h.kind order by name limit 3)) as shown
  from hit h group by image_id, kind
),
hits as (
  select image_id, group_concat(kind || ' (' || shown || iif(names > 3, ', ...', '') || ')', ', ') as shown,
    (select count(distinct o.name) from hit o where o.image_id = k.image_id) as names
  from (select * from kinds order by kind) k group by image_id
),
-- Distributions with a merged /usr list a file at either place.
mapped as materialized (
  select distinct c.image_id, iif(f.path like '/usr/%', substr(f.path, 6), substr(f.path, 2)) as path
  from docker_container c join container_mapped_file f on f.container_id = c.id
),
coded as materialized (
  select p.image_id, p.name, exists (select 1 from json_each(p.code_files) j
    join mapped m on m.image_id = p.image_id and m.path = iif(j.value like 'usr/%', substr(j.value, 5), j.value)) as in_use
  from package p where p.code_files <> '[]'
),
packages as (
  select image_id, count(*) as coded, sum(not in_use) as unused,
    (select group_concat(name, ', ') from (select name from coded o where o.image_id = c.image_id and not o.in_use order by name limit 5)) as shown
  from coded c group by image_id
)
select
  i.id as resource, i.name as resource_name,
  case
    when t.package_databases is null then 'unknown'
    when h.names > 0 then 'alarm'
    when t.package_databases = '[]' and exists (select 1 from program p where p.image_id = i.id) then 'info'
    when coalesce(k.coded, 0) = 0 then 'ok'
    when i.running = 0 then 'info'
    when k.unused > 0 then 'info'
    else 'ok'
  end as status,
  case
    when t.package_databases is null then 'Its layers were not all read.'
    when h.names > 0 then 'It holds what no service needs to run: ' || h.shown || '.'
    when t.package_databases = '[]' and exists (select 1 from program p where p.image_id = i.id)
      then 'It has no package database; of its ' || (select count(*) from program p where p.image_id = i.id) || ' programs none is on the list, and whether each is needed nobody can tell from here.'
    when coalesce(k.coded, 0) = 0 then 'It has no program or package on the list, and no package that brings code.'
    when i.running = 0 then 'Nothing on the list; no container runs it, so which of its ' || k.coded || ' packages are used cannot be seen.'
    when k.unused > 0 then 'Nothing on the list; of its ' || k.coded || ' packages with code no process has anything mapped from ' || k.unused || ' now: ' || k.shown || iif(k.unused > 5, ', ...', '') || '.'
    else 'Nothing on the list, and each of its ' || k.coded || ' packages with code is in use now.'
  end as reason,
  case when t.package_databases is not null and coalesce(h.names, 0) = 0 and k.coded > 0 and i.running > 0 then 'observed' else 'configured' end as layer,
  json_array(
    (select json_group_array(evidence(locator, kind || ': ' || what)) from (select * from hit o where o.image_id = i.id order by kind, what limit 20)),
    evidence(t.locator, t.layers || ' layers, package databases ' || t.package_databases),
    evidence(i.image_locator, 'containers of it: ' || i.containers)) as evidence,
  i.id as image_id, i.containers as containers, i.names as used_by, t.os_name as os_name
from image i
left join content t on t.image_id = i.id
left join hits h on h.image_id = i.id
left join packages k on k.image_id = i.id
