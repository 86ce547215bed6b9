-- SPDX-License-Identifier: Apache-2.0
-- Whether the tasks of each replicated service are spread over the nodes that take tasks. A Swarm places tasks evenly, but moves none when a
-- node comes back. One more than an even share is borne.
with running as (
  select t.service_id, t.node_id, count(*) as tasks from docker_task t where t.state = 'running' and t.desired_state = 'running' group by t.service_id, t.node_id
),
ready as (select count(*) as n from docker_node where state = 'ready' and availability = 'active'),
spread as (
  select s.id, s.name, s.locator, s.constraints, sum(r.tasks) as tasks, max(r.tasks) as most, count(*) as nodes,
    group_concat((select hostname from docker_node n where n.id = r.node_id) || ' ' || r.tasks, ', ') as list, (select min(locator) from docker_task) as task_locator
  from docker_service s join running r on r.service_id = s.id where s.mode = 'replicated' group by s.id
)
select s.id as resource, s.name as resource_name,
  case when s.tasks < 2 then 'info' when r.n < 2 then 'info' when json_array_length(s.constraints) > 0 and s.nodes = 1 then 'info'
    when s.most > (s.tasks + r.n - 1) / r.n + 1 or s.nodes = 1 then 'alarm' else 'ok' end as status,
  case when s.tasks < 2 then 'One task runs: ' || s.list || '.' when r.n < 2 then 'One node takes tasks: there is nothing to spread over.'
    when json_array_length(s.constraints) > 0 and s.nodes = 1 then 'Its constraints keep all ' || s.tasks || ' tasks on one node: ' || s.list || '.'
    when s.nodes = 1 then 'All ' || s.tasks || ' tasks run on one of ' || r.n || ' nodes: ' || s.list || '.'
    when s.most > (s.tasks + r.n - 1) / r.n + 1 then 'The tasks are spread unevenly over ' || r.n || ' nodes: ' || s.list || '.'
    else 'Its ' || s.tasks || ' tasks are spread over ' || s.nodes || ' of ' || r.n || ' nodes: ' || s.list || '.' end as reason,
  'observed' as layer, json_array(evidence(s.task_locator, 'running: ' || s.list), evidence(s.locator, 'constraints ' || coalesce(s.constraints, 'null'))) as evidence
from spread s, ready r
union all
select 'host', i.name, 'skip', 'Not in a Swarm: nothing moves containers.', 'configured', json_array(evidence(i.locator, 'Swarm.LocalNodeState is inactive')) from docker_info i where i.swarm_state = 'inactive'
