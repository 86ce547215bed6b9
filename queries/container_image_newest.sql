-- SPDX-License-Identifier: Apache-2.0
-- Whether each container runs what its tag names now, and how old that is (setting image_age_max).
with image as materialized (select id, created, repo_tags, repo_digests, locator from docker_image),
tag as (select t.value as tag, i.id, i.locator from image i, json_each(i.repo_tags) t),
asked as (
  select c.id, c.name, c.image, c.image_id, c.locator, c.image like '%@sha256:%' as pinned, c.image like 'sha256:%' or c.image_id like 'sha256:' || c.image || '%' as by_id,
    iif(instr(substr(c.image, length(rtrim(c.image, replace(c.image, '/', ''))) + 1), ':') > 0, c.image, c.image || ':latest') as wanted from docker_container c),
judged as (
  select a.*, t.id as now_id, t.locator as tag_locator, i.created as made, i.locator as image_locator, (as_of_ms() / 1000 - i.created) / 86400 as age
  from asked a left join tag t on t.tag = a.wanted left join image i on i.id = a.image_id)
select id as resource, name as resource_name,
  case when not pinned and not by_id and now_id is not null and now_id <> image_id then 'alarm' when image_locator is null then 'info' when not pinned and not by_id and now_id is null then 'info' when made <= 0 then 'info'
       when age > setting('image_age_max') then 'info' else 'ok' end as status,
  case when not pinned and not by_id and now_id is not null and now_id <> image_id then 'The tag ' || wanted || ' leads to another image now: ' || substr(now_id, 8, 12) || ', it runs ' || substr(image_id, 8, 12) || '.'
       when image_locator is null then 'The image it runs, ' || substr(image_id, 8, 12) || ', is not in the engine''s list any more.'
       when not pinned and not by_id and now_id is null then 'The tag ' || wanted || ' is not here any more; nothing here tells whether it runs the newest build.'
       when made <= 0 then 'It runs what ' || wanted || ' leads to; when that was built its maker did not say.'
       when age > setting('image_age_max') then 'Its image was built ' || age || ' days ago, more than ' || setting('image_age_max') || '; whether there is a newer one is for the registry to say.'
       when pinned then 'It runs the image it is pinned to by digest, built ' || age || ' days ago.' when by_id then 'It runs the image it names by id, built ' || age || ' days ago.'
       else 'It runs what ' || wanted || ' leads to, built ' || age || ' days ago.' end as reason,
  'observed' as layer,
  json_array(evidence(locator, 'Image ' || image_id || ', asked for as ' || image), evidence(tag_locator, wanted || ' is ' || now_id), evidence(image_locator, 'Created ' || coalesce(made, 'not told'))) as evidence
from judged
