-- SPDX-License-Identifier: Apache-2.0
-- Base images of a Dockerfile, and images of Compose services, by digest or by a name that may move.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, locator, start_line as line, "column",
    case when image is null then 'unknown' when image = 'scratch' or digest is not null then 'ok' else 'alarm' end as status,
    case when image is null then 'The base ' || base || ' rests on a variable that only the build knows.'
      when image = 'scratch' then 'Built from nothing.' when digest is not null then 'The base is named by digest: ' || image || '.'
      else 'The base ' || image || ' is named ' || iif(tag is null, 'without a tag', 'by a tag') || ', which may move.' end as reason,
    'FROM ' || base as said
  from dockerfile_stage where base_stage is null
  union all
  select path, coalesce(positions -> 'image' ->> 'locator', locator), coalesce(positions -> 'image' ->> 'line', line), "column",
    case when image is null then 'unknown' when image regexp '@sha256:[0-9a-f]{64}$' then 'ok' else 'alarm' end,
    case when image is null then 'The image of ' || service || ' rests on a variable that has no value here.'
      when image regexp '@sha256:[0-9a-f]{64}$' then 'The image of ' || service || ' is named by digest.' else 'The image of ' || service || ', ' || image || ', is named by a tag, which may move.' end,
    'image: ' || coalesce(image, 'not known')
  from compose_service where active and build is null and (image is not null or unresolved like '%"image"%')
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'no base image', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
