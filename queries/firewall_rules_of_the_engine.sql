-- SPDX-License-Identifier: Apache-2.0
-- May dockerd write firewall rules, and are its chains hooked and asked?
with setting as (select value, source, locator from dockerd_config where name = 'iptables'),
hook as (
  select min(case when target = 'DOCKER-USER' then position end) as user_at,
    min(case when target in ('DOCKER-ISOLATION-STAGE-1', 'DOCKER-FORWARD') then position end) as docker_at, max(locator) as locator
  from firewall_rule where family = 'ip' and table_name = 'filter' and chain = 'FORWARD'),
nat as (select count(*) as n from firewall_rule where family = 'ip' and table_name = 'nat' and chain = 'PREROUTING' and target = 'DOCKER'),
native as (select count(*) as n, max(locator) as locator from firewall_chain where table_name = 'docker-bridges'),
early as (
  select min(r.position) as position, min(r.text) as text, max(r.locator) as locator from firewall_rule r, hook
  where r.family = 'ip' and r.table_name = 'filter' and r.chain = 'FORWARD' and r.target = 'ACCEPT' and r.position < hook.docker_at and r.matches = '[]')
select coalesce((select id from docker_info), 'host') as resource, coalesce((select name from docker_info), 'host') as resource_name,
  case when setting.value is null then 'unknown' when setting.value = 'false' then 'alarm' when native.n > 0 then 'ok'
       when hook.docker_at is null or nat.n = 0 then 'alarm' when early.position is not null then 'alarm' else 'ok' end as status,
  case when setting.value is null then 'the effective setting of iptables could not be read'
       when setting.value = 'false' then 'dockerd may not write firewall rules: iptables is false (' || setting.source || ')'
       when native.n > 0 then 'dockerd writes nftables rules of its own (table docker-bridges)'
       when hook.docker_at is null then 'iptables is true, configured and not in force: FORWARD does not lead into Docker''s chains'
       when nat.n = 0 then 'iptables is true, configured and not in force: nat PREROUTING does not lead into the chain DOCKER'
       when early.position is not null then 'rule ' || early.position || ' of FORWARD accepts everything before Docker''s chains are asked: ' || early.text
       else 'iptables is true (' || setting.source || ') and Docker''s chains are hooked at position ' || hook.docker_at || ' of FORWARD and from nat PREROUTING' end as reason,
  case when setting.value = 'false' or setting.value is null then 'configured' when native.n = 0 and (hook.docker_at is null or nat.n = 0 or early.position is not null) then 'disagreement' else 'configured' end as layer,
  json_array(evidence(setting.locator, 'iptables=' || setting.value || ' (' || setting.source || ')'),
    evidence(coalesce(hook.locator, (select max(locator) from firewall_chain where table_name = 'filter')), case when hook.docker_at is null then 'no jump from FORWARD into Docker''s chains' else 'FORWARD position ' || hook.docker_at end),
    evidence(early.locator, early.text), evidence(native.locator, 'table docker-bridges')) as evidence,
  hook.docker_at is null or nat.n = 0 as rests_on_absence
from hook, nat, native, early left join setting
