-- SPDX-License-Identifier: Apache-2.0
-- Whether certificates of nodes are short-lived and this node's own was renewed in time. Lifetime: what a manager has configured (90 days by
-- default) and what the node's certificate says. Nodes renew when half to four fifths of the lifetime are over (swarmkit ca/renewer.go).
with here as (
  -- Only a manager is asked for the cluster: a worker's own certificate says enough of the worker.
  select name, swarm_state, locator,
    case when swarm_manager then (select json_object('days', node_cert_expiry_ns / 86400000000000, 'locator', locator) from docker_swarm) end as told
  from docker_info
),
node as (
  select *, (not_after_ms - not_before_ms) / 86400000 as days, (not_after_ms - as_of_ms()) / 86400000 as left_days,
    1.0 * (as_of_ms() - not_before_ms) / (not_after_ms - not_before_ms) as spent
  from swarm_certificate where kind = 'node'
),
judged as (
  select h.name, h.swarm_state, h.locator as info_locator, h.told ->> '$.days' as given_days, h.told ->> '$.locator' as swarm_locator, n.*, setting('cert_expiry_max') + 0 as most
  from here h left join node n
)
select
  'host' as resource, name as resource_name,
  case
    when swarm_state = 'inactive' then 'skip'
    when node_id is null then 'unknown'
    when not_after_ms < as_of_ms() then 'alarm'
    when given_days > most or days > most + 1 then 'alarm'
    when spent > 0.9 then 'alarm'
    when swarm_locator is not null and coalesce(given_days, 0) <= 0 then 'unknown'
    else 'ok'
  end as status,
  case
    when swarm_state = 'inactive' then 'Not in a Swarm.'
    when node_id is null then 'The certificate of this node could not be read.'
    when not_after_ms < as_of_ms() then 'The certificate of this node ended on ' || substr(not_after, 1, 10) || '.'
    when given_days > most then 'Certificates of nodes are made to last ' || given_days || ' days, more than ' || most || '.'
    when days > most + 1 then 'The certificate of this node lasts ' || days || ' days, more than ' || most || '.'
    when spent > 0.9 then 'The certificate of this node ends on ' || substr(not_after, 1, 10) || ', in ' || left_days || ' days, and was not renewed.'
    when swarm_locator is not null and coalesce(given_days, 0) <= 0 then 'The certificate of this node lasts ' || days || ' days; the Swarm does not tell what it gives.'
    else 'The certificate of this node is of ' || substr(not_before, 1, 10) || ' and lasts ' || days || ' days'
      || coalesce('; the Swarm gives ' || given_days || ' days.', '.')
  end as reason,
  iif(node_id is null, 'configured', 'observed') as layer,
  json_array(evidence(coalesce(locator, info_locator), 'valid from ' || coalesce(not_before, '?') || ' to ' || coalesce(not_after, '?')),
    evidence(coalesce(swarm_locator, info_locator), 'NodeCertExpiry is ' || coalesce(given_days || ' days', 'told by managers only'))) as evidence,
  not_before as not_before, not_after as not_after
from judged
