-- SPDX-License-Identifier: Apache-2.0
-- What people state about the control named by param('control'). No machine can tell, so nothing stated is info and never ok.
select 'host' as resource, 'attestation' as resource_name,
  case coalesce(a.state, 'none') when 'in_force' then 'ok' when 'expired' then 'alarm' else 'info' end as status,
  case coalesce(a.state, 'none')
    when 'in_force' then a.owner || ' attested it on ' || a.date || '; it holds until ' || a.expires || '.'
    when 'expired' then 'What ' || a.owner || ' attested on ' || a.date || ' expired on ' || a.expires || '.'
    when 'future' then 'What ' || a.owner || ' attested on ' || a.date || ' is later than the moment the facts are about.'
    else 'No machine can tell: nobody attested it (bulkhead attest template ' || param('control') || ').'
  end as reason,
  'declared' as layer,
  iif(a.control is null, json_array(),
    json_array(evidence(a.locator, a.statement || ' (' || a.owner || ', ' || a.date || ' to ' || a.expires || ', ' || a.place || ')'
      || iif(a.evidence = '', '', ', see ' || a.evidence)))) as evidence,
  a.owner as owner, a.date as date, a.expires as expires, a.place as place
from (select param('control') as control) asked left join attestation a on a.control = asked.control
