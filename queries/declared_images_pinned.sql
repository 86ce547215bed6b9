-- SPDX-License-Identifier: Apache-2.0
-- Base images of Dockerfiles, images that files are taken from, and images of Compose services, by digest or by a name that may move.
with used as (
  select path, start_line as line, "column", locator, 'The base ' as what, base as written, image, tag, digest, 'FROM ' || base as said
  from dockerfile_stage where base_stage is null
  union all
  select path, line, "column", locator, 'What files are taken from, ', written, image, tag, digest, purpose || written
  from dockerfile_image where purpose <> 'FROM'
)
select 'dockerfile:' || path as resource, path as resource_name,
  case when image is null then 'unknown' when image = 'scratch' or digest is not null then 'ok' else 'alarm' end as status,
  case when image is null then what || written || ' rests on a variable that only the build knows.'
    when image = 'scratch' then 'Built from nothing.' when digest is not null then what || 'is named by digest: ' || image || '.'
    else what || image || ' is named ' || iif(tag is null, 'without a tag', 'by a tag') || ', which may move.' end as reason,
  'declared' as layer, json_array(evidence(locator, said)) as evidence, path as file, line, "column"
from used
union all
select 'compose:' || project || ':' || service, service,
  case when image is null then 'unknown' when image regexp '@sha256:[0-9a-f]{64}$' then 'ok' else 'alarm' end,
  case when image is null then 'The image of ' || service || ' rests on a variable that has no value here.'
    when image regexp '@sha256:[0-9a-f]{64}$' then 'The image of ' || service || ' is named by digest.' else 'The image of ' || service || ', ' || image || ', is named by a tag, which may move.' end,
  'declared', json_array(evidence(coalesce(positions -> 'image' ->> 'locator', locator), 'image: ' || coalesce(image, 'not known'))),
  path, coalesce(positions -> 'image' ->> 'line', line), coalesce(positions -> 'image' ->> 'column', "column")
from compose_service where active and build is null and (image is not null or unresolved like '%"image"%')
