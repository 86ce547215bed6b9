-- SPDX-License-Identifier: Apache-2.0
-- Whether each container is started again after a failure, five times at most. Tasks of services are restarted by the Swarm.
with label as materialized (select container_id, value as service_id from docker_container_label where key = 'com.docker.swarm.service.id'),
-- Only where there are tasks: a worker cannot tell its services, and its other containers need not wait for that.
service as materialized (select l.container_id, s.name, s.restart_condition as policy, s.restart_max_attempts as tries, s.locator from label l cross join docker_service s on s.id = l.service_id),
judged as (
  select c.id, c.name, l.container_id is not null as is_task, s.name as service, coalesce(s.locator, c.locator) as locator, case when l.container_id is not null then s.policy else coalesce(nullif(c.restart_policy, ''), 'no') end as policy,
    case when l.container_id is not null then coalesce(s.tries, 0) else c.restart_max_retries end as tries
  from docker_container c left join label l on l.container_id = c.id left join service s on s.container_id = c.id)
select id as resource, name as resource_name,
  case when policy is null then 'unknown' when policy in ('no', 'none') then 'info' when policy = 'on-failure' and tries between 1 and 5 then 'ok' else 'alarm' end as status,
  case when policy is null then 'Its restart policy is that of its service, which only a manager knows: audit a manager.'
       when policy in ('no', 'none') then 'It is never started again' || coalesce(' (service ' || service || ')', '') || '.'
       when policy = 'on-failure' and tries between 1 and 5 then 'Started again after a failure, at most ' || tries || iif(tries = 1, ' time', ' times') || coalesce(' (service ' || service || ')', '') || '.'
       when policy = 'on-failure' and tries = 0 then 'Started again after a failure without end' || coalesce(' (service ' || service || ')', '') || '.'
       when policy = 'on-failure' then 'Started again after a failure up to ' || tries || ' times' || coalesce(' (service ' || service || ')', '') || '.'
       else 'Started again whatever happened: ' || policy || coalesce(' (service ' || service || ')', '') || '.' end as reason,
  'configured' as layer, json_array(evidence(locator, 'restart policy ' || coalesce(policy || ', tries ' || tries, 'not known'))) as evidence
from judged
