-- SPDX-License-Identifier: Apache-2.0
-- Secrets written into build files. In Dockerfiles: in ENV and ARG, on command lines, and files of keys that are copied in. In Compose files: variables of a
-- service, arguments of its build, contents of secrets. Values are not shown. param files: dockerfile, compose or both.
with file as (
  select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction where param('files') <> 'compose' group by path
),
found as (
  select path, locator, start_line as line, "column", 'alarm' as status,
    case when json_array_length(secret_names) > 0 then upper(coalesce(sub_instruction, instruction)) || ' gives a value to ' || (select group_concat(value, ', ') from json_each(secret_names)) || ': it stays in the image.'
      else 'A ' || upper(instruction) || ' holds what sounds like a secret: it stays in the history of the image.' end as reason,
    upper(instruction) as said
  from dockerfile_instruction where param('files') <> 'compose' and (has_secret or json_array_length(secret_names) > 0)
  union all
  select i.path, i.locator, i.start_line, i."column", 'alarm', 'A file that holds keys or passwords is copied in: ' || s.value || '.', upper(i.instruction) || ' ' || s.value
  from dockerfile_instruction i, json_each(i.data, '$.sources') s
  where param('files') <> 'compose' and coalesce(i.sub_instruction, i.instruction) in ('add', 'copy')
    and s.value regexp '(^|/)(id_(rsa|dsa|ecdsa|ed25519)|\.env(\.[a-z]+)?|\.npmrc|\.netrc|\.pgpass|\.git-credentials|\.dockercfg|[^/]+\.(key|p12|pfx|jks|kdbx))$|\.(aws/credentials|docker/config\.json)$'
),
service as (
  select s.*, json_array_length(secret_environment) > 0 as has_secret,
    (select substr(e.value ->> 'locator', length('compose:' || s.path) + 2) from json_each(s.secret_environment) e limit 1) as first
  from compose_service s where s.active and param('files') <> 'dockerfile'
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No ENV, ARG or command line sounds like a secret, and no file of keys is copied in.', 'declared',
  json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
union all
select 'compose:' || project || ':' || service, service, iif(has_secret, 'alarm', 'ok'),
  iif(has_secret, 'The file holds what sounds like a secret: ' || (select group_concat(value ->> 'name', ', ') from json_each(secret_environment)) || '.',
    'No variable that it is given in the file sounds like a secret.'),
  'declared',
  iif(has_secret, (select json_group_array(evidence(value ->> 'locator', value ->> 'name' || ' has a value')) from json_each(secret_environment)),
    json_array(evidence(locator, 'environment: ' || (select count(*) from json_each(coalesce(environment, '{}'))) || ' variables'))),
  path, coalesce(cast(substr(first, 1, instr(first, ':') - 1) as integer), line), "column"
from service
union all
select 'compose:' || project || ':' || kind || ':' || name, name, 'alarm', 'The content of this ' || kind || ' is written into the file.', 'declared',
  json_array(evidence(locator, 'content')), path, line, "column"
from compose_secret where content_from = 'content' and kind = 'secret' and param('files') <> 'dockerfile'
