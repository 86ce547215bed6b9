-- SPDX-License-Identifier: Apache-2.0
-- Secrets written into Compose files, as variables of a service or arguments of its build, or as the content of a config. Values are not shown.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when json_array_length(secret_environment) > 0 then 'alarm' else 'ok' end as status,
  case when json_array_length(secret_environment) > 0
    then 'The file holds what sounds like a secret: ' || (select group_concat(value ->> 'name', ', ') from json_each(secret_environment)) || '.'
    else 'No variable that it is given in the file sounds like a secret.' end as reason,
  'declared' as layer,
  iif(json_array_length(secret_environment) > 0,
    (select json_group_array(evidence(value ->> 'locator', value ->> 'name' || ' has a value')) from json_each(secret_environment)),
    json_array(evidence(locator, 'environment: ' || (select count(*) from json_each(coalesce(environment, '{}'))) || ' variables'))) as evidence,
  path as file, coalesce(cast(substr(first, 1, instr(first, ':') - 1) as integer), line) as line, "column"
from (
  select s.*, (select substr(e.value ->> 'locator', length('compose:' || s.path) + 2) from json_each(s.secret_environment) e limit 1) as first from compose_service s where s.active
)
union all
select 'compose:' || project || ':' || kind || ':' || name, name, 'alarm', 'The content of this ' || kind || ' is written into the file.', 'declared',
  json_array(evidence(locator, 'content')), path, line, "column"
from compose_secret where content_from = 'content' and kind = 'secret'
