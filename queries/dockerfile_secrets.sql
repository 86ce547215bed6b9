-- SPDX-License-Identifier: Apache-2.0
-- Secrets in Dockerfiles: in ENV and ARG, on command lines, and files of keys that are copied in. Values are not shown.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
found as (
  select path, locator, start_line as line, "column", 'alarm' as status,
    case when json_array_length(secret_names) > 0 then upper(coalesce(sub_instruction, instruction)) || ' gives a value to ' || (select group_concat(value, ', ') from json_each(secret_names)) || ': it stays in the image.'
      else 'A ' || upper(instruction) || ' holds what sounds like a secret: it stays in the history of the image.' end as reason,
    upper(instruction) as said
  from dockerfile_instruction where has_secret or json_array_length(secret_names) > 0
  union all
  select i.path, i.locator, i.start_line, i."column", 'alarm', 'A file that holds keys or passwords is copied in: ' || s.value || '.', upper(i.instruction) || ' ' || s.value
  from dockerfile_instruction i, json_each(i.data, '$.sources') s
  where coalesce(i.sub_instruction, i.instruction) in ('add', 'copy')
    and s.value regexp '(^|/)(id_(rsa|dsa|ecdsa|ed25519)|\.env(\.[a-z]+)?|\.npmrc|\.netrc|\.pgpass|\.git-credentials|\.dockercfg|[^/]+\.(key|p12|pfx|jks|kdbx))$|\.(aws/credentials|docker/config\.json)$'
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No ENV, ARG or command line sounds like a secret, and no file of keys is copied in.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
