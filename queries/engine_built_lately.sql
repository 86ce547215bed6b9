-- SPDX-License-Identifier: Apache-2.0
-- How long ago the engine was built. Distributions build old releases again with fixes, so a young build is no proof of a young release; an old
-- one is proof that nothing was mended since.
with built as (
  select v.version, v.version like '%+dfsg%' or v.version like '%ubuntu%' or v.version like '%.el_' as packaged, v.build_time, v.locator, (as_of_ms() / 1000 - unixepoch(substr(v.build_time, 1, 19))) / 86400 as days from docker_version v
)
select 'host' as resource, i.name as resource_name,
  case when b.days is null then 'unknown' when b.days > 365 and not b.packaged then 'alarm' else 'info' end as status,
  case when b.days is null then 'Engine ' || i.server_version || ' does not tell when it was built.'
    when b.days > 365 and b.packaged then 'Engine ' || b.version || ' was built ' || b.days || ' days ago by a distribution; see whether it mends it still.'
    when b.days > 365 then 'Engine ' || b.version || ' was built ' || b.days || ' days ago: nothing was mended since.'
    else 'Engine ' || b.version || ' was built ' || b.days || ' days ago; see whether there is a later one.' end as reason,
  'configured' as layer, json_array(evidence(coalesce(b.locator, i.locator), 'BuildTime ' || coalesce(nullif(b.build_time, ''), 'not told'))) as evidence, b.days as days
from docker_info i left join built b
