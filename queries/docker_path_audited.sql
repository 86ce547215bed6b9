-- SPDX-License-Identifier: Apache-2.0
-- Do the audit rules in force record who changes this part of Docker (param thing of docker_audit_watch)? A rule counts when it is in the
-- kernel, covers the file or folder that is really in use, takes writes and changes of attributes by whomever, and somebody takes the records.
with kernel as (
  select max(supported) as supported, max(enabled) as enabled, max(daemon_pid) as daemon_pid, max(locator) as locator,
    'audit ' || case when max(supported) = 0 then 'is not in this kernel' else case when max(enabled) then 'on' else 'off' end || ', daemon ' || max(daemon_pid) end as said
  from audit_status),
judged as (
  select w.*, k.said, k.locator as kernel_locator,
    case when w.problem is not null then 'problem' when not w.is_there then 'not there' when k.supported = 0 then 'no audit' when w.verdict is null or k.supported is null then 'unread'
         when w.verdict = 'none' then 'none' when not k.enabled then 'off' when w.switched_off_by is not null then 'switched off' when w.verdict = 'partly' then 'partly'
         when k.daemon_pid = 0 then 'nobody' else 'recorded' end as finding
  from docker_audit_watch w left join kernel k on 1 where w.thing = param('thing'))
select coalesce(j.real_path, 'host') as resource, coalesce(j.real_path, 'host') as resource_name,
  case j.finding when 'recorded' then 'ok' when 'partly' then 'info' when 'not there' then 'skip' when 'problem' then 'unknown' when 'unread' then 'unknown' else 'alarm' end as status,
  case j.finding
    when 'problem' then coalesce(j.real_path || ': ', '') || j.problem
    when 'not there' then coalesce(j.path || ': ', '') || coalesce(j.reason, 'not there')
    when 'no audit' then 'this kernel has no audit: nothing records what happens to ' || j.real_path
    when 'unread' then 'the audit rules in force could not be read' || coalesce('; there is a rule in ' || j.file_rule, '')
    when 'none' then 'no audit rule in force covers ' || j.real_path || coalesce('; one in a file is not loaded: ' || j.file_rule, '')
    when 'off' then 'there is a rule for ' || j.real_path || ', but auditing is off'
    when 'switched off' then 'there is a rule for ' || j.real_path || ', but ' || j.switched_off_by || ' keeps every new process from being audited'
    when 'partly' then j.real_path || ' is recorded ' || j.why || ' (' || j.rule || ')'
    when 'nobody' then 'there is a rule for ' || j.real_path || ', but no audit daemon takes the records'
    else j.real_path || ' is recorded by ' || j.rule || case when j.file_rule is null then '; no file in /etc/audit has it: it is gone after a reboot' else '' end end as reason,
  case when j.finding = 'none' and j.file_rule is not null then 'disagreement' else 'configured' end as layer,
  json_array(
    evidence(j.path_locator, case when j.is_there then 'there' else coalesce(j.reason, j.problem) end),
    evidence(j.found_locator, 'told by ' || j.found_by),
    case when j.is_there then evidence(j.locator, coalesce(j.rule, 'no rule for ' || j.real_path)) end,
    case when j.is_there then evidence(j.kernel_locator, j.said) end) as evidence,
  j.finding = 'none' as rests_on_absence, j.found_by as found_by
from judged j
