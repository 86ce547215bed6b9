-- SPDX-License-Identifier: Apache-2.0
-- Images that files name without a tag, or with the tag latest: bases, what is copied from, and images of Compose services that build none.
-- param latest: what the tag latest is, alarm or info.
with used as (
  select 'dockerfile:' || path as resource, path as resource_name, path as file, start_line as line, "column", locator, 'The base ' as what, base as written, image, tag, digest, 'FROM ' as verb
  from dockerfile_stage where base_stage is null
  union all
  select 'dockerfile:' || path, path, path, line, "column", locator, 'What files are taken from, ', written, image, tag, digest, purpose
  from dockerfile_image where purpose <> 'FROM'
  union all
  select 'compose:' || project || ':' || service, service, path, coalesce(positions -> 'image' ->> 'line', line), coalesce(positions -> 'image' ->> 'column', "column"),
    coalesce(positions -> 'image' ->> 'locator', locator), 'The image ', 'image', image, image_tag, image_digest, 'image: '
  from compose_service where active and build is null and (image is not null or unresolved like '%"image"%')
)
select resource, resource_name,
  case when image is null then 'unknown' when image = 'scratch' or digest is not null then 'ok' when tag is null or tag = 'latest' then param('latest') else 'ok' end as status,
  case when image is null then what || written || ' rests on a variable that ' || iif(verb = 'image: ', 'has no value here.', 'only the build knows.')
    when image = 'scratch' then 'Built from nothing.' when digest is not null then what || 'is named by digest.'
    when tag is null then what || image || ' has no tag, which means latest.' when tag = 'latest' then what || image || ' is whatever is latest on the day.'
    else what || 'has the tag ' || tag || '.' end as reason,
  'declared' as layer, json_array(evidence(locator, verb || coalesce(image, written))) as evidence, file, line, "column"
from used
