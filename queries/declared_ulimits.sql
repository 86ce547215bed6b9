-- SPDX-License-Identifier: Apache-2.0
-- Ulimits that Compose services set for themselves in place of the engine's: -1 is no limit at all.
with own as (
  select s.project, s.service, group_concat(u.key || ' ' || iif(u.type = 'object', coalesce(u.value ->> 'soft', '?') || ':' || coalesce(u.value ->> 'hard', '?'), u.value), ', ') as list,
    max(iif(u.type = 'object', coalesce(u.value ->> 'hard', u.value ->> 'soft'), u.value) in (-1, '-1', 'unlimited')) as endless
  from compose_service s, json_each(s.ulimits) u where s.active group by s.project, s.service
)
select 'compose:' || s.project || ':' || s.service as resource, s.service as resource_name,
  case when o.endless then 'alarm' when s.unresolved like '%"ulimits"%' then 'unknown' when o.list is not null then 'info' else 'ok' end as status,
  case when o.endless then 'It takes a limit away: ' || o.list || '.'
    when s.unresolved like '%"ulimits"%' then 'What decides rests on a variable that has no value here: ulimits.'
    when o.list is not null then 'It sets limits of its own: ' || o.list || '. See whether it needs them.'
    else 'It sets none: the engine''s default ulimits hold.' end as reason,
  'declared' as layer, json_array(evidence(s.place ->> 'locator', 'ulimits: ' || coalesce(o.list, 'not set'))) as evidence,
  s.place ->> 'file' as file, s.place ->> 'line' as line, s.place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'ulimits', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place from compose_service where active
) s left join own o on o.project = s.project and o.service = s.service
