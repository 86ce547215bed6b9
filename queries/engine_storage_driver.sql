-- SPDX-License-Identifier: Apache-2.0
-- Whether images and containers lie on a storage driver that is kept and tested for production.
select 'host' as resource, i.name as resource_name,
  case when coalesce(i.driver, '') = '' then 'unknown' when i.driver in ('overlay2', 'overlayfs', 'io.containerd.snapshotter.v1.overlayfs', 'fuse-overlayfs', 'btrfs', 'zfs', 'stargz', 'windowsfilter') then 'ok'
    when i.driver in ('vfs', 'aufs', 'overlay', 'devicemapper') then 'alarm' else 'info' end as status,
  case when coalesce(i.driver, '') = '' then 'The engine does not tell its storage driver.'
    when i.driver = 'vfs' then 'The storage driver is vfs, which copies each layer whole: for tests only.'
    when i.driver in ('aufs', 'overlay', 'devicemapper') then 'The storage driver is ' || i.driver || ', which is no longer kept.'
    when i.driver in ('overlay2', 'overlayfs', 'io.containerd.snapshotter.v1.overlayfs', 'fuse-overlayfs', 'btrfs', 'zfs', 'stargz', 'windowsfilter') then 'The storage driver is ' || i.driver || '.'
    else 'The storage driver is ' || i.driver || ': whether it is fit for production is not known.' end as reason,
  'configured' as layer, json_array(evidence(i.locator, 'Driver is ' || coalesce(i.driver, 'empty'))) as evidence
from docker_info i
