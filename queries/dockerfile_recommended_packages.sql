-- SPDX-License-Identifier: Apache-2.0
-- Installs that bring in packages nobody named: apt's recommendations, zypper's, and weak dependencies of dnf.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
-- A setting of apt that an earlier RUN wrote to its configuration counts for all that come after it.
configured as (
  select i.path, i.stage_number, min(i.start_line) as line from dockerfile_instruction i
  where i.source regexp '(?i)APT::Install-Recommends["= ]+"?(0|false|no)' and i.source regexp 'apt\.conf' group by i.path, i.stage_number
),
found as (
  select c.path, c.locator, c.line, c."column", 'alarm' as status,
    c.name || ' installs what it recommends besides what is named: ' || substr((select group_concat(value, ' ') from json_each(c.args)), 1, 200) || '.' as reason,
    c.name || ' ' || substr((select group_concat(value, ' ') from json_each(c.args)), 1, 400) as said
  from dockerfile_command c left join configured f on f.path = c.path and f.stage_number = c.stage_number and f.line <= c.start_line
  where (c.name in ('apt', 'apt-get') and c.args regexp '"install"' and c.args not regexp '(?i)"--no-install-recommends"|Install-Recommends=(0|false|no)' and f.line is null)
    or (c.name = 'aptitude' and c.args regexp '"install"' and c.args not regexp '"(--without-recommends|-R)"' and f.line is null)
    or (c.name = 'zypper' and c.args regexp '"(install|in)"' and c.args not regexp '"--no-recommends"')
    or (c.name = 'microdnf' and c.args regexp '"install"' and c.args not regexp 'install_weak_deps=(0|false|no)')
    or (c.name in ('dnf', 'dnf5') and c.args regexp '"install"' and c.args not regexp '(?i)install_weak_deps=(0|false|no)')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No RUN installs more than it names and that needs.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
