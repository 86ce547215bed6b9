-- SPDX-License-Identifier: Apache-2.0
-- Registries that base images, images copied from and images of Compose services come from, against the setting trusted_registries.
with used as (
  select 'dockerfile:' || path as resource, path as resource_name, path as file, line, "column", locator, name, purpose || ' ' || written as written from dockerfile_image
  union all
  select 'compose:' || project || ':' || service, service, path, coalesce(positions -> 'image' ->> 'line', line), coalesce(positions -> 'image' ->> 'column', "column"),
    coalesce(positions -> 'image' ->> 'locator', locator), image_name, 'image: ' || coalesce(image, 'not known')
  from compose_service where active and build is null and (image is not null or unresolved like '%"image"%')
),
judged as (
  -- Docker's rule: a first part without a dot or colon is no registry, but a name on the public one.
  select *, case when name is null then null when instr(name, '/') = 0 then 'docker.io/library/' || name
      when substr(name, 1, instr(name, '/') - 1) regexp '[.:]' or name like 'localhost/%' then name else 'docker.io/' || name end as source
  from used
)
select resource, resource_name,
  case when source is null then 'unknown' when setting('trusted_registries') = '' then 'info' when setting_has('trusted_registries', source) then 'ok' else 'alarm' end as status,
  case when source is null then 'Where it comes from rests on a variable that has no value here: ' || written || '.'
    when setting('trusted_registries') = '' then source || ' is used; nobody says which registries are trusted (setting trusted_registries).'
    when setting_has('trusted_registries', source) then source || ' is trusted.'
    else source || ' is none of those trusted.' end as reason,
  'declared' as layer, json_array(evidence(locator, written)) as evidence, file, line, "column"
from judged
union all
select 'dockerfile:' || path, path, 'ok', 'It takes nothing from a registry.', 'declared', json_array(evidence(min(locator), count(*) || ' stages')), path, min(start_line), 1
from dockerfile_stage where path not in (select path from dockerfile_image) group by path
