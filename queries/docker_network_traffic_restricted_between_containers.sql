-- SPDX-License-Identifier: Apache-2.0
-- Is traffic between containers on the default bridge restricted? Configured (icc), in force (the loaded rules of each family, and
-- br_netfilter that sends bridged frames to them), and not to be got round (NET_RAW of what is attached).
with bridge as (select * from docker_network where is_default_bridge),
verdict as (
  select group_concat(p.family || ' ' || p.enforced_verdict, ', ') as texts, max(p.enforced_verdict = 'accept') as open, max(p.enforced_verdict = 'unknown') as unclear, count(*) as n,
    group_concat(case when p.enforced_verdict <> 'drop' then p.family || ': ' || p.reason end, '; ') as reasons,
    json_group_array(evidence(p.locator, p.family || ' ' || p.in_interface || ' -> ' || p.out_interface || ': ' || p.enforced_verdict || ' by ' || coalesce(p.rule, 'the policy'))) as pieces
  from firewall_bridge_path p join bridge b on p.in_interface = b.bridge_name and p.out_interface = b.bridge_name
  where p.family_enabled),
attached as (select e.container_id, e.container_name from docker_network_endpoint e join bridge b on b.id = e.network_id),
raw as (
  select a.container_id, a.container_name, max(p.locator) as locator from attached a
  join container_process p on p.container_id = a.container_id, json_each(p.capabilities, '$.bounding') c where c.value in ('CAP_NET_RAW', 'NET_RAW') group by a.container_id)
select b.id as resource, b.name as resource_name,
  case when (select count(*) from attached) = 0 then 'ok' when b.icc and v.n > 0 and not v.open and not v.unclear then 'info' when b.icc then 'alarm' when v.open then 'alarm' when v.unclear or v.n = 0 then 'unknown'
       when exists (select 1 from raw) then 'alarm' else 'ok' end as status,
  case when (select count(*) from attached) = 0 then 'nothing is attached to ' || b.bridge_name || case when b.icc then ' (icc is on: whatever joins it can talk)' else ' (and icc is off)' end
       when b.icc and v.n > 0 and not v.open and not v.unclear then 'icc is on, and yet the loaded rules drop what the ' || (select count(*) from attached) || ' containers on ' || b.bridge_name || ' send each other (' || v.texts || '): they are not dockerd''s to keep'
       when b.icc then 'icc is on: the ' || (select count(*) from attached) || ' containers on ' || b.bridge_name || ' can talk to each other'
       when v.open then 'icc is off, configured and not in force: ' || v.reasons
       when v.unclear or v.n = 0 then 'icc is off; whether the loaded rules enforce it is not clear: ' || coalesce(v.reasons, 'no verdict')
       when exists (select 1 from raw) then 'icc is off and enforced (' || v.texts || '), but ' || (select group_concat(container_name, ', ') from raw) || ' may forge frames: CAP_NET_RAW is not dropped'
       else 'icc is off and enforced (' || v.texts || '), and no attached container has CAP_NET_RAW' end as reason,
  case when (select count(*) from attached) > 0 and not b.icc and v.open then 'disagreement' else 'configured' end as layer,
  json_array(evidence(b.locator, 'enable_icc=' || case b.icc when 1 then 'true' else 'false' end || ', endpoints=' || b.endpoints_count), v.pieces, (select json_group_array(evidence(locator, container_name || ' has CAP_NET_RAW')) from raw)) as evidence,
  b.bridge_name
from bridge b, verdict v
union all
select 'host', 'host', 'ok', 'the engine has no default bridge', 'configured', json_array(evidence(i.networks_locator, 'no network with the default_bridge option')), ''
from (select min(locator) as networks_locator from docker_network) i where not exists (select 1 from bridge)
