-- SPDX-License-Identifier: Apache-2.0
-- Do management and overlay traffic of this node use different interfaces?
with node as (select * from swarm_node_state),
placed as (select node.*,
    (select interface_name from host_address a where a.address = node.advertise_address limit 1) as management_interface,
    (select interface_name from host_address a where a.address = node.data_address limit 1) as data_interface from node)
select coalesce((select id from docker_info), 'host') as resource, coalesce((select name from docker_info), 'host') as resource_name,
  case when p.state is null or p.state = 'inactive' then 'skip'
       when p.data_address = '' or p.data_address = p.advertise_address then 'alarm'
       when p.management_interface is null or p.data_interface is null then 'unknown'
       when p.management_interface = p.data_interface then 'alarm' else 'ok' end as status,
  case when p.state is null or p.state = 'inactive' then 'not in a Swarm'
       when p.data_address = '' or p.data_address = p.advertise_address then 'management and overlay traffic both use ' || p.advertise_address || coalesce(' (' || p.management_interface || ')', '')
       when p.management_interface is null or p.data_interface is null then 'the interface of ' || p.advertise_address || ' or ' || p.data_address || ' could not be found'
       when p.management_interface = p.data_interface then p.advertise_address || ' and ' || p.data_address || ' lie on the same interface, ' || p.data_interface
       else 'management on ' || p.management_interface || ' (' || p.advertise_address || '), overlay traffic on ' || p.data_interface || ' (' || p.data_address || ')' end as reason,
  'configured' as layer,
  json_array(evidence(p.locator, 'AdvertiseAddr=' || p.advertise_address || ' DataPathAddr=' || p.data_address)) as evidence,
  p.data_address = '' as rests_on_absence
from placed p
