-- SPDX-License-Identifier: Apache-2.0
-- Whether SELinux or AppArmor is enforced by the kernel and used by the engine.
with used as (
  select i.name as host, i.locator, i.security_options as options, i.security_options like '%name=selinux%' as selinux, i.security_options like '%name=apparmor%' as apparmor
  from docker_info i
),
kernel as (
  select max(iif(name = 'selinux', state, null)) as selinux, max(iif(name = 'apparmor', state, null)) as apparmor,
    json_group_array(evidence(locator, name || ': ' || state)) as pieces
  from host_security_module
)
select 'host' as resource, u.host as resource_name,
  case
    when u.selinux and k.selinux = 'enforcing' or u.apparmor and k.apparmor = 'enforcing' then 'ok'
    when k.selinux is null or k.apparmor is null then 'unknown'
    else 'alarm'
  end as status,
  case
    when u.selinux and k.selinux = 'enforcing' then 'SELinux is enforced, and the engine uses it.'
    when u.apparmor and k.apparmor = 'enforcing' then 'AppArmor is in force, and the engine uses it.'
    when k.selinux is null or k.apparmor is null then 'What the kernel enforces could not be read.'
    when k.selinux = 'permissive' then 'SELinux is permissive: it writes down what it would refuse, and refuses nothing.'
    when k.selinux = 'enforcing' then 'SELinux is enforced, but the engine does not use it for containers.'
    when k.apparmor = 'enforcing' then 'AppArmor is in force, but the engine does not use it for containers.'
    else 'The kernel enforces neither SELinux (' || k.selinux || ') nor AppArmor (' || k.apparmor || ').'
  end as reason,
  iif(k.selinux is null, 'configured', 'observed') as layer,
  json_array(evidence(u.locator, 'SecurityOptions ' || u.options), k.pieces) as evidence
from used u, kernel k
