-- SPDX-License-Identifier: Apache-2.0
-- Is the engine the newest release, without a known flaw? Both lists are part of the program and end on a day, which the reason names. A distribution
-- mends flaws without changing the number: for its builds, flaws of the number are unknown, and the day of the build says how long nothing was mended.
with flaws as (
  select count(distinct id) as n, max(concerned is null) as unclear, group_concat(distinct id) as ids, max(fixed) as fixed, max(locator) as locator,
    (select group_concat(id || ' (' || summary || ')', ', ') from (select distinct id, summary from docker_advisory where concerned order by id desc limit 3)) as newest
  from docker_advisory where concerned or concerned is null),
built as (select build_time, coalesce(' of ' || ((as_of_ms() / 1000 - unixepoch(substr(build_time, 1, 19))) / 86400) || ' days ago', '') as ago from docker_version),
judged as (
  select r.*, f.n, f.newest, f.ids, b.build_time, coalesce(b.ago, '') as ago, (as_of_ms() - unixepoch(r.known_until) * 1000) / 86400000 as days
  from docker_release r left join flaws f on 1 left join built b on 1)
select 'host' as resource, 'Docker Engine ' || j.version as resource_name,
  case when j.compared is null then 'unknown' when j.n > 0 and j.repackaged then 'unknown' when j.n > 0 then 'alarm' when j.compared <> 0 or j.repackaged or j.days > 180 then 'info' else 'ok' end as status,
  case when j.compared is null then j.version || ' is no version that could be compared'
       when j.n > 0 and j.repackaged then j.version || ' is a build' || j.ago || ' by a distribution; of its number ' || j.n || ' flaws are known, which it may have mended: ' || j.newest || case when j.n > 3 then ', ...' else '' end
       when j.n > 0 then j.version || ' has ' || j.n || ' known flaws: ' || j.newest || case when j.n > 3 then ', ...' else '' end
       when j.compared > 0 then j.version || ' is newer than ' || j.newest_known
       when j.compared < 0 then j.version || ' has no flaw known here; ' || j.newest_known || ' is out'
       when j.repackaged then j.version || ' is a build' || j.ago || ' by a distribution of the newest release known'
       when j.days > 180 then j.version || ' is the newest release known, but that was ' || j.days || ' days before'
       else j.version || ' is the newest release known and has no flaw known here' end || ' (known until ' || j.known_until || ')' as reason,
  'configured' as layer, json_array(evidence(j.locator, 'Version ' || j.version || coalesce(', BuildTime ' || nullif(j.build_time, ''), ''))) as evidence, j.ids as flaws
from judged j
