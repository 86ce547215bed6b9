-- SPDX-License-Identifier: Apache-2.0
-- What looks like a credential in images: in files of any layer, also those that a later layer deletes, in environment, labels and build history.
with
used as materialized (select image_id, count(*) as containers from docker_container group by image_id),
content as materialized (
  select image_id, package_databases is not null as whole, json_array_length(layers) as layers, searched_files, unsearched_files, locator from image_config
),
candidate as materialized (
  select image_id, likely, locator, kind || case place when 'file' then ' in ' || path || iif(line > 0, ' line ' || line, '')
      || coalesce(' (layer ' || layer || iif(deleted_in_layer is not null, ', deleted in layer ' || deleted_in_layer || ' but still there for whoever pulls it', '') || ')', '')
    when 'env' then ' in the environment variable ' || name when 'label' then ' in the label ' || name else ' in step ' || step || ' of the build history' || coalesce(', setting ' || name, '') end
    as what
  from image_secret_candidate
),
seen as (
  select image_id, sum(likely) as likely, sum(not likely) as unlikely,
    (select what from candidate o where o.image_id = c.image_id order by o.likely desc, o.what limit 1) as shown
  from candidate c group by image_id
)
select
  i.id as resource, i.name as resource_name,
  case when s.likely > 0 then 'alarm' when coalesce(t.whole, 0) = 0 then 'unknown' else 'info' end as status,
  case
    when s.likely > 0 then s.likely || ' candidate' || iif(s.likely = 1, '', 's') || ': ' || s.shown || iif(s.likely > 1, ', ...', '') || '.'
    when coalesce(t.whole, 0) = 0 then 'Its layers were not all read.'
    when s.unlikely > 0 then 'Only in documentation, tests or examples: ' || s.shown || iif(s.unlikely > 1, ' and ' || (s.unlikely - 1) || ' more', '') || '. Look whether they are made up.'
    else 'None found in ' || t.searched_files || ' text file' || iif(t.searched_files = 1, '', 's') || ' of its ' || t.layers || ' layer' || iif(t.layers = 1, '', 's')
      || ', its environment, labels and history; what has no known form, and ' || t.unsearched_files || ' large files, no search can tell.'
  end as reason,
  'configured' as layer,
  json_array((select json_group_array(evidence(locator, what)) from (select * from candidate c where c.image_id = i.id order by likely desc, what limit 20)),
    evidence(t.locator, t.layers || ' layers')) as evidence,
  i.id as image_id, coalesce(u.containers, 0) as containers, coalesce(s.likely, 0) as candidates
from docker_image i
left join used u on u.image_id = i.id
left join content t on t.image_id = i.id
left join seen s on s.image_id = i.id
where json_array_length(i.repo_tags) > 0 or u.image_id is not null
