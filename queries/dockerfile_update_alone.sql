-- SPDX-License-Identifier: Apache-2.0
-- Package lists that are refreshed in a RUN of their own: the layer is cached, and later installs take what was old then.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
run as (
  select path, start_line, min(locator) as locator, min(line) as line, min("column") as "column",
    max(name in ('apt-get', 'apt', 'aptitude', 'apk', 'zypper') and args regexp '"(update|refresh)"' and not args regexp '"(add|install|upgrade|dist-upgrade)"') as refreshes,
    max(args regexp '"(install|upgrade|dist-upgrade|full-upgrade|build-dep|add|satisfy|dup)"' and name in ('apt-get', 'apt', 'aptitude', 'apk', 'zypper', 'eatmydata')) as installs
  from dockerfile_command group by path, start_line
),
found as (
  select path, locator, line, "column", 'alarm' as status, 'This RUN refreshes the package lists and installs nothing.' as reason, 'RUN at line ' || start_line as said
  from run where refreshes and not installs
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No RUN only refreshes the package lists.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
