-- SPDX-License-Identifier: Apache-2.0
-- Settings of the kernel that keep processes apart, against the value a hardened node has at least. Weak ones are shown: what a node needs them
-- for is not seen.
with wanted (name, least, what) as (values
  ('kernel.kptr_restrict', 1, 'addresses of the kernel are shown to everybody'),
  ('kernel.dmesg_restrict', 1, 'the log of the kernel is shown to everybody'),
  ('kernel.unprivileged_bpf_disabled', 1, 'everybody may load programs into the kernel (BPF)'),
  ('fs.protected_hardlinks', 1, 'everybody may make hard links to files of others'),
  ('fs.protected_symlinks', 1, 'symbolic links of others are followed in shared folders'),
  ('kernel.randomize_va_space', 2, 'addresses of processes are not fully random'))
select w.name as resource, w.name as resource_name,
  case when s.name is null then 'unknown' when s.value is null then 'skip' when s.value >= w.least then 'ok' else 'info' end as status,
  case when s.name is null then 'The setting could not be read.' when s.value is null then 'This kernel has no such setting.'
    when s.value >= w.least then 'It is ' || s.value || '.' else 'It is ' || s.value || ', less than ' || w.least || ': ' || w.what || '.' end as reason,
  'observed' as layer, json_array(evidence(s.locator, w.name || ' = ' || coalesce(s.value, 'not set'))) as evidence
from wanted w left join host_kernel_setting s on s.name = w.name
