-- SPDX-License-Identifier: Apache-2.0
-- Is each overlay network encrypted, in the kernel too?
with engine as (
  select server_version as text, locator,
    cast(server_version as integer) * 1000000 + cast(substr(server_version, instr(server_version, '.') + 1) as integer) * 1000
      + cast(substr(substr(server_version, instr(server_version, '.') + 1), instr(substr(server_version, instr(server_version, '.') + 1), '.') + 1) as integer) as number
  from docker_info),
leaky as (select engine.*, number > 0 and (number < 20010024 or number between 23000000 and 23000002) as bad from engine),
sa as (select count(*) as n, max(locator) as locator from xfrm_state where protocol = 'esp'),
remote as (select n.id, count(*) as n from docker_network n, json_each(n.peers) p, docker_info i where (p.value ->> '$.IP') <> i.swarm_node_addr group by n.id),
ingress_use as (select count(*) as n from docker_service s, json_each(s.ports) p where coalesce(p.value ->> '$.publish_mode', 'ingress') = 'ingress')
select n.id as resource, n.name as resource_name,
  case when not n.encrypted and n.ingress and (select n from ingress_use) = 0 then 'info'
       when not n.encrypted then 'alarm'
       when leaky.bad then 'alarm'
       when leaky.number = 0 then 'unknown'
       when coalesce(remote.n, 0) > 0 and n.endpoints_count > 0 and sa.n = 0 then 'alarm'
       when coalesce(remote.n, 0) > 0 and n.endpoints_count > 0 then 'ok'
       else 'unknown' end as status,
  case when not n.encrypted and n.ingress and (select n from ingress_use) = 0 then 'the ingress network is not encrypted; no service publishes a port through it'
       when not n.encrypted then 'not encrypted: traffic between nodes goes over VXLAN in the clear'
       when leaky.number = 0 then 'the encrypted option is set; the version of the engine, ' || leaky.text || ', is not understood'
       when leaky.bad then 'the encrypted option is set, and engine ' || leaky.text || ' can send it in the clear or accept it in the clear (CVE-2023-28840, -28841, -28842)'
       when coalesce(remote.n, 0) > 0 and n.endpoints_count > 0 and sa.n = 0 then 'encrypted, configured and not in force: the kernel holds no ESP security association for any of ' || coalesce(remote.n, 0) || ' peers'
       when coalesce(remote.n, 0) > 0 and n.endpoints_count > 0 then 'encrypted, and the kernel holds ' || sa.n || ' ESP security associations for ' || coalesce(remote.n, 0) || ' peers'
       else 'the encrypted option is set; this node has ' || n.endpoints_count || ' endpoints and ' || coalesce(remote.n, 0) || ' peers on the network, so nothing shows whether it is in force' end as reason,
  case when n.encrypted and coalesce(remote.n, 0) > 0 and n.endpoints_count > 0 and sa.n = 0 then 'disagreement' else 'configured' end as layer,
  json_array(evidence(n.locator, 'encrypted=' || case n.encrypted when 1 then 'true' else 'absent' end || ' peers=' || coalesce(remote.n, 0)), evidence(leaky.locator, 'ServerVersion=' || leaky.text), evidence(sa.locator, sa.n || ' ESP states')) as evidence,
  n.ingress, n.vni, n.encrypted and sa.n = 0 as rests_on_absence
from docker_network n join leaky join sa left join remote on remote.id = n.id where n.driver = 'overlay'
union all
select 'host', 'host', 'skip', 'no overlay network here', 'configured', json_array(evidence(i.locator, 'Swarm ' || json_extract(i.swarm, '$.LocalNodeState'))), 0, null, 0
from docker_info i where not exists (select 1 from docker_network where driver = 'overlay')
