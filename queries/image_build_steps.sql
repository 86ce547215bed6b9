-- SPDX-License-Identifier: Apache-2.0
-- Build steps of images against three patterns: param('run') what a RUN must not hold, param('unless') what in the same step excuses it,
-- param('what') how it is called. Only instructions that run something are looked at, whole, as the image keeps them.
with
used as materialized (select image_id, count(*) as containers from docker_container group by image_id),
image as materialized (
  select i.id, i.name, i.locator, coalesce(u.containers, 0) as containers from docker_image i left join used u on u.image_id = i.id
  where json_array_length(i.repo_tags) > 0 or u.image_id is not null
),
step as materialized (
  -- "/bin/sh -c ..." and "|1 A=b /bin/sh -c ..." of the older builder, "RUN ..." of BuildKit; "#(nop)" marks what runs nothing.
  select image_id, step, size, locator, created_by as text, created_by regexp '^(RUN |/bin/sh -c |\|[0-9]+ )' and created_by not like '%#(nop)%' as is_run,
    size > 0 and (trim(created_by) = '' or comment like 'Imported from%') as is_mute
  from docker_image_history
),
hit as materialized (
  select image_id, step, text, locator from step
  where is_run and text regexp param('run') and (param('unless') = '' or not text regexp param('unless'))
),
seen as (select image_id, count(*) as steps, sum(is_run) as runs, sum(is_mute) as mute, max(locator) as locator from step group by image_id),
worst as (select image_id, min(step) as step, count(*) as hits from hit group by image_id)
select
  i.id as resource, i.name as resource_name,
  case when s.steps is null then 'unknown' when w.hits > 0 then 'alarm' when s.mute > 0 then 'info' else 'ok' end as status,
  case
    when s.steps is null then 'The image tells no build history.'
    when w.hits > 0 then 'Step ' || w.step || ' ' || param('what') || ': ' || (select substr(h.text, 1, 160) from hit h where h.image_id = i.id and h.step = w.step)
      || iif(w.hits > 1, '; ' || (w.hits - 1) || ' more such step' || iif(w.hits > 2, 's', '') || '.', '')
    when s.mute > 0 then s.mute || ' of its ' || s.steps || ' layers tell' || iif(s.mute = 1, 's', '') || ' no instruction (an import); none of the other steps ' || param('what') || '.'
    else 'None of its ' || s.steps || ' build steps ' || param('what') || '.'
  end as reason,
  'configured' as layer,
  json_array((select json_group_array(evidence(locator, 'step ' || step || ': ' || substr(text, 1, 400))) from (select * from hit h where h.image_id = i.id order by step limit 20)),
    evidence(s.locator, s.steps || ' steps, ' || s.runs || ' of them run something')) as evidence,
  i.id as image_id, i.containers as containers
from image i left join seen s on s.image_id = i.id left join worst w on w.image_id = i.id
