-- SPDX-License-Identifier: Apache-2.0
-- Images that containers use: does Docker Content Trust (Notary) vouch for each? One row an image.
with used as (
  select image_id, min(image) as image, count(*) as containers, min(locator) as locator, group_concat(name, ', ') as names from docker_container group by image_id
),
signature as (
  select *, row_number() over (partition by image_id order by case state when 'trusted' then 0 when 'invalid' then 1 when 'expired' then 2 when 'untrusted' then 3
    when 'unreadable' then 4 when 'absent' then 5 else 6 end, tag) as place
  from image_signature where kind = 'notary' or kind = ''
),
other as (select image_id, min(key_id) as key_id from image_signature where kind = 'cosign' and state = 'trusted' group by image_id)
select
  u.image_id as resource, coalesce(i.name, u.image) as resource_name,
  case
    when s.state = 'trusted' then 'ok'
    when s.state in ('invalid', 'expired', 'untrusted') then 'alarm'
    when o.key_id is not null then 'info'
    when s.state in ('absent', 'no_digest') then 'alarm'
    else 'unknown'
  end as status,
  case
    when s.state = 'trusted' then 'The notary vouches for it: ' || s.reason || '; valid until ' || substr(s.expires, 1, 10) || '.'
    when s.state in ('invalid', 'expired', 'untrusted') then 'The notary''s word is ' || s.state || ': ' || s.reason || '.'
    when o.key_id is not null then 'Signed with cosign, not by a notary: the engine''s own content trust cannot check that.'
    when s.state = 'absent' then 'No notary vouches for it: ' || s.reason || '.'
    when s.state = 'no_digest' then 'No notary can vouch for it: ' || s.reason || '.'
    when s.state = 'unreadable' then 'The notary could not be asked: ' || s.reason || '.'
    when s.state is null then 'No notary is named for it in the trust file. Content trust is switched on in the client (DOCKER_CONTENT_TRUST), which leaves no trace in the engine.'
    else 'Content trust is switched on in the client (DOCKER_CONTENT_TRUST), which leaves no trace in the engine; ' || s.reason || '.'
  end as reason,
  'observed' as layer,
  json_array(
    (select json_group_array(evidence(coalesce(nullif(locator, ''), u.locator), coalesce(nullif(kind, ''), 'signature') || ' ' || state || ': ' || reason))
       from (select * from signature x where x.image_id = u.image_id order by place limit 10)),
    evidence(i.locator, 'RepoDigests ' || i.repo_digests), evidence(u.locator, 'Image is ' || u.image_id)) as evidence,
  s.state as state, s.tag as tag, s.key_id as key_id, s.digest as digest, s.rule as rule, u.containers as containers, u.names as used_by
from used u
left join docker_image i on i.id = u.image_id
left join signature s on s.image_id = u.image_id and s.place = 1
left join other o on o.image_id = u.image_id
