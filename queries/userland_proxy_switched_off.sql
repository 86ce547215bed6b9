-- SPDX-License-Identifier: Apache-2.0
-- Is the userland proxy off, and is none left from before?
with proxy as (select count(*) as n, group_concat('pid ' || pid || coalesce(' for ' || host_ip || ':' || host_port, ''), ', ') as list,
                      json_group_array(evidence(locator, cmdline)) as pieces
               from host_process where name = 'docker-proxy'),
     setting as (select value, source, locator from dockerd_config where name = 'userland-proxy')
select coalesce((select id from docker_info), 'host') as resource, coalesce((select name from docker_info), 'host') as resource_name,
  case when proxy.n > 0 then 'alarm' when setting.value = 'false' then 'ok' when setting.value = 'true' then 'alarm' else 'unknown' end as status,
  case when proxy.n > 0 and setting.value = 'false' then proxy.n || ' docker-proxy processes run although userland-proxy is false: they were started before the change (' || proxy.list || ')'
       when proxy.n > 0 then proxy.n || ' docker-proxy processes run (' || proxy.list || ')'
       when setting.value = 'false' then 'userland-proxy is false (' || setting.source || ') and no docker-proxy runs'
       when setting.value = 'true' then 'userland-proxy is on (' || setting.source || '); no port is published now, the next one starts a proxy'
       else 'the effective setting of userland-proxy could not be read' end as reason,
  case when proxy.n > 0 and setting.value = 'false' then 'disagreement' when proxy.n > 0 then 'observed' else 'configured' end as layer,
  json_array(evidence(setting.locator, 'userland-proxy=' || setting.value || ' (' || setting.source || ')'), proxy.pieces) as evidence,
  proxy.n as proxies
from proxy left join setting
