-- SPDX-License-Identifier: Apache-2.0
-- Images that containers use, by age: what an attestation of scans is about. Setting image_age_max.
with used as (
  select i.id, i.name, i.locator, (as_of_ms() - i.created * 1000) / 86400000 as days, (select count(*) from docker_container c where c.image_id = i.id) as containers from docker_image i
)
select id as resource, name as resource_name, 'info' as status,
  'Built ' || days || iif(days = 1, ' day', ' days') || ' ago and used by ' || containers || iif(containers = 1, ' container', ' containers')
    || iif(days > setting('image_age_max') + 0, ': older than ' || setting('image_age_max') || ' days, so build it again.', '; see its last scan.') as reason,
  'configured' as layer, json_array(evidence(locator, 'built ' || days || ' days ago')) as evidence, days as days
from used where containers > 0
