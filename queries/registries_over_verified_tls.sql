-- SPDX-License-Identifier: Apache-2.0
-- Whether images are only taken over TLS with verified certificates; the loopback is excepted by every engine.
with engine as (select id, name, registry_config, locator from docker_info),
insecure as (
  select r.value as place from engine, json_each(registry_config, '$.InsecureRegistryCIDRs') r
  where r.value <> '::1/128' and r.value not regexp '^127\.[0-9]+\.[0-9]+\.[0-9]+/([89]|[12][0-9]|3[0-2])$'
  union
  select r.key from engine, json_each(registry_config, '$.IndexConfigs') r
  where (r.value ->> '$.Secure') is not 1 and r.key not regexp '^(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?$')
select e.id as resource, e.name as resource_name,
  case when e.registry_config is null then 'unknown' when exists (select 1 from insecure) then 'alarm' else 'ok' end as status,
  case when e.registry_config is null then 'the engine does not say which registries it treats as insecure'
       when exists (select 1 from insecure) then 'treated as insecure: ' || (select group_concat(place, ', ') from insecure)
       else 'no registry is treated as insecure but those on the loopback addresses' end as reason,
  'observed' as layer, json_array(evidence(e.locator, 'RegistryConfig ' || substr(e.registry_config, 1, 1000))) as evidence
from engine e
