-- SPDX-License-Identifier: Apache-2.0
-- Base images without a tag, or with the tag latest.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, locator, start_line as line, "column",
    case when image is null then 'unknown' when image = 'scratch' or digest is not null then 'ok' when tag is null or tag = 'latest' then 'alarm' else 'ok' end as status,
    case when image is null then 'The base ' || base || ' rests on a variable that only the build knows.'
      when image = 'scratch' then 'Built from nothing.' when digest is not null then 'The base is named by digest.'
      when tag is null then 'The base ' || image || ' has no tag, which means latest.' when tag = 'latest' then 'The base ' || image || ' is whatever is latest on the day.'
      else 'The base has the tag ' || tag || '.' end as reason,
    'FROM ' || base as said
  from dockerfile_stage where base_stage is null
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'no base image', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
