-- SPDX-License-Identifier: Apache-2.0
-- Images that containers use: is each signed by somebody whose signature counts (--trust)? One row an image.
with used as (
  select image_id, min(image) as image, count(*) as containers, min(locator) as locator, group_concat(name, ', ') as names from docker_container group by image_id
),
signature as (
  select *, row_number() over (partition by image_id order by case state when 'trusted' then 0 when 'invalid' then 1 when 'expired' then 2 when 'untrusted' then 3
    when 'unreadable' then 4 when 'absent' then 5 when 'no_digest' then 6 else 7 end, kind, tag, key_id) as place
  from image_signature
),
counted as (
  select image_id, sum(state = 'unreadable') as unreadable, sum(state = 'trusted') as trusted, count(*) as signatures from signature group by image_id
)
select
  u.image_id as resource, coalesce(i.name, u.image) as resource_name,
  case
    when s.state is null then 'unknown'
    when s.state = 'trusted' then 'ok'
    when s.state in ('invalid', 'expired', 'untrusted') then 'alarm'
    when c.unreadable > 0 then 'unknown'
    when s.state in ('absent', 'no_digest') then 'alarm'
    else 'unknown'
  end as status,
  case
    when s.state is null then 'The image could not be inspected, so nobody can say who signed it.'
    when s.state = 'trusted' then s.kind || ': ' || s.reason || case when s.signer <> '' and s.kind = 'cosign' then ', ' || s.signer else '' end
      || case when s.expires is not null then '; valid until ' || substr(s.expires, 1, 10) else '' end || '.'
    when s.state = 'no_digest' then 'Not signed: ' || s.reason || '.'
    when s.state = 'no_policy' then 'Nobody can say: ' || s.reason || '.'
    when s.state = 'no_rule' then 'Nobody can say: ' || s.reason || '.'
    when s.state = 'unreadable' then s.kind || ': signatures could not be read: ' || s.reason || '.'
    when s.state = 'absent' then s.kind || ': not signed: ' || s.reason || '.'
    else s.kind || ': the signature is ' || s.state || ': ' || s.reason || '.'
  end as reason,
  'observed' as layer,
  json_array(
    (select json_group_array(evidence(coalesce(nullif(locator, ''), u.locator), coalesce(nullif(kind, ''), 'signature') || ' ' || state || ': ' || reason))
       from (select * from signature x where x.image_id = u.image_id order by place limit 10)),
    evidence(i.locator, 'RepoDigests ' || i.repo_digests), evidence(u.locator, 'Image is ' || u.image_id)) as evidence,
  s.kind as kind, s.state as state, s.signer as signer, s.key_id as key_id, s.digest as digest, s.rule as rule, u.containers as containers, u.names as used_by
from used u
left join docker_image i on i.id = u.image_id
left join signature s on s.image_id = u.image_id and s.place = 1
left join counted c on c.image_id = u.image_id
