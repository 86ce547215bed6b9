-- SPDX-License-Identifier: Apache-2.0
-- Whether environment variables of containers look like secrets by their names. Values are not looked at. A name that ends in _FILE says where
-- the secret lies, which is the right way.
with suspect as (
  select container_id, key from docker_container_env
  where key regexp '(?i)(passw|secret|token|api_?key|apikey|private_?key|access_?key|credential|auth_?key|_pwd$|^pwd_|_pass$|^pass$)' and not key regexp '(?i)_(file|path|dir|url|ttl|expiry|length|policy|enabled|name|id)$'
),
listed as (select container_id, count(*) as n, group_concat(key, ', ') as keys from suspect group by container_id)
select c.id as resource, c.name as resource_name, iif(l.n > 0, 'alarm', 'ok') as status,
  iif(l.n > 0, iif(l.n = 1, 'This environment variable looks', l.n || ' environment variables look') || ' like a secret: ' || l.keys || '.',
    'No environment variable looks like a secret by its name.') as reason,
  'configured' as layer, json_array(evidence(c.locator, 'names like those of secrets: ' || coalesce(l.keys, 'none'))) as evidence
from docker_container c left join listed l on l.container_id = c.id
