-- SPDX-License-Identifier: Apache-2.0
-- Compose services that are given devices of the host: disks, memory and the kernel's own are alarms.
select
  'compose:' || project || ':' || service as resource, service as resource_name,
  case when privileged or coalesce(devices regexp '"/dev(:[^"]*)?"|"/dev/(sd|hd|vd|xvd|nvme|mmcblk|dm-|md|loop|sg|sr|nbd|mem\b|kmem\b|port\b|kmsg\b|mapper|disk|block|bsg|kvm_|vhost)', 0) then 'alarm' when unresolved regexp '"(devices|privileged)"' then 'unknown' when json_array_length(coalesce(devices, '[]')) > 0 then 'info' when 1 then 'ok' else 'alarm' end as status,
  case when privileged or coalesce(devices regexp '"/dev(:[^"]*)?"|"/dev/(sd|hd|vd|xvd|nvme|mmcblk|dm-|md|loop|sg|sr|nbd|mem\b|kmem\b|port\b|kmsg\b|mapper|disk|block|bsg|kvm_|vhost)', 0) then iif(privileged, 'privileged: true gives it every device of the host.', 'It is given devices of the host: ' || devices || '.')
    when unresolved regexp '"(devices|privileged)"' then 'What decides rests on a variable that has no value here: devices or privileged.'
    when json_array_length(coalesce(devices, '[]')) > 0 then 'It is given devices of the host: ' || devices || '. See whether that is what it is for.'
    when 1 then 'It is given no device of the host.'
    else iif(privileged, 'privileged: true gives it every device of the host.', 'It is given devices of the host: ' || devices || '.') end as reason,
  'declared' as layer,
  json_array(evidence(place ->> 'locator', 'devices: ' || coalesce(devices, 'not set') || iif(privileged, ', privileged', ''))) as evidence,
  place ->> 'file' as file, place ->> 'line' as line, place ->> 'column' as "column"
from (
  select *, coalesce(positions -> 'devices', json_object('locator', locator, 'file', path, 'line', line, 'column', "column")) as place
  from compose_service where active
)
