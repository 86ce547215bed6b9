-- SPDX-License-Identifier: Apache-2.0
-- Packages that a RUN installs without saying which version. Local files and named lists of requirements are taken as they are; a variable is known to the build only.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
-- For each manager: the words that install, and the options whose value is the next word.
manager(kind, verbs, takes_value) as (values
  ('deb', ' install satisfy ', ' -t -o -c -a --target-release --default-release --option --config-file '),
  ('apk', ' add ', ' -t -X -p --virtual --repository --root --arch --keys-dir --repositories-file --wait --cache-dir --cache-max-age '),
  ('rpm', ' install localinstall ', ' -c -x -R -d -e --config --exclude --enablerepo --disablerepo --repo --installroot --releasever --setopt '),
  ('zypper', ' install in ', ' -t -r --type --repo --from --root -R --name '),
  ('pip', ' install ', ' -r -c -e -i -f -t --requirement --constraint --editable --index-url --extra-index-url --find-links --target --prefix --root --src --platform --python-version --implementation --abi --progress-bar --proxy --timeout --retries --cache-dir --trusted-host --cert --log --report --upgrade-strategy '),
  ('npm', ' install i add ', ' --prefix --registry --cache --userconfig --tag --omit --include -C --loglevel -w --workspace --cwd --cache-folder --modules-folder --mutex '),
  ('gem', ' install i ', ' -i -n -s -P --install-dir --bindir --source --trust-policy --platform --document '),
  ('go', ' install ', ' -C -ldflags -tags -gcflags -asmflags -mod -modfile -o -p -overlay -pgo -toolexec '),
  ('cargo', ' install ', ' --root --target --registry --index --features -F --bin --example --profile -j --jobs --config --target-dir ')
),
command as (
  select *, case when name regexp '^(apt|apt-get|aptitude)$' then 'deb' when name = 'apk' then 'apk' when name regexp '^(yum|dnf|dnf5|microdnf|tdnf)$' then 'rpm' when name = 'zypper' then 'zypper'
    when name regexp '^(pip[0-9.]*|pipx)$' then 'pip' when name in ('npm', 'pnpm') or (name = 'yarn' and args regexp '"add"') then 'npm' when name in ('gem', 'go', 'cargo') then name end as kind
  from dockerfile_command
),
-- The value of a version's own option pins all that the command installs.
install as (
  select c.path, c.locator, c.line, c."column", c.name, c.args, c.kind, m.takes_value, v.key as verb_at
  from command c join manager m on m.kind = c.kind join json_each(c.args) v on instr(m.verbs, ' ' || v.value || ' ') > 0
  where not (c.kind = 'gem' and c.args regexp '"(-v|--version)["=]|"-v[0-9]') and not (c.kind = 'cargo' and c.args regexp '"(--version|--vers|--path|--git)["=]')
    and not exists (select 1 from json_each(c.args) o where o.key < v.key and o.value not regexp '^-' and o.value not in ('global', 'env', 'tool')
      and not exists (select 1 from json_each(c.args) b where b.key = o.key - 1 and instr(m.takes_value, ' ' || b.value || ' ') > 0))
),
package as (
  select i.*, p.value as package from install i join json_each(i.args) p
  where p.key > i.verb_at and p.value not regexp '^[-<>&|0-9]*[<>&|]|^-|^$'
    and not exists (select 1 from json_each(i.args) o where o.key = p.key - 1 and (instr(i.takes_value, ' ' || o.value || ' ') > 0 or o.value regexp '^[0-9&]*[<>]+$'))
    -- What has a version, or is a file that lies there.
    and not case i.kind
      when 'deb' then p.value regexp '=.|\.deb$|^[./]' when 'apk' then p.value regexp '[=<>~].|\.apk$|^[./]'
      when 'rpm' then p.value regexp '-[0-9][^-]*(-[^-]+)?$|\.rpm$|^[./@]' when 'zypper' then p.value regexp '[=<>].|\.rpm$|^[./]'
      when 'pip' then p.value regexp '==|===|@.|[\\/]|\.(whl|tar\.gz|zip)$|^\.'
      when 'npm' then p.value regexp '.@[~^=v]?[0-9]|.@(npm|file|git|https?):|^(git|https?|file|github):|^[./~]|#[0-9a-f]|\.tgz$'
      when 'gem' then p.value regexp '.:[0-9]|\.gem$|^[./]' when 'go' then p.value regexp '@v[0-9]|@[0-9a-f]{7,}|^[./]' else p.value regexp '@[0-9]|^[./]' end
),
told as (
  select path, locator, line, "column", name, sum(package not regexp '\$') as bad,
    group_concat(case when package not regexp '\$' then package end, ', ') as names, group_concat(case when package regexp '\$' then package end, ', ') as unknown_names
  from package group by locator
),
found as (
  select path, locator, line, "column", iif(bad > 0, 'alarm', 'unknown') as status,
    iif(bad > 0, name || ' installs whatever version there is on the day: ' || substr(names, 1, 200) || '.',
      'What ' || name || ' installs rests on a variable that only the build knows: ' || substr(unknown_names, 1, 200) || '.') as reason,
    name || ' ' || substr(coalesce(names, unknown_names), 1, 400) as said
  from told
)
select 'dockerfile:' || path as resource, path as resource_name, status, reason, 'declared' as layer, json_array(evidence(locator, said)) as evidence,
  path as file, line, "column"
from found
union all
select 'dockerfile:' || path, path, 'ok', 'No RUN installs a package without saying which version.', 'declared', json_array(evidence('dockerfile:' || path || ':' || line || ':1', instructions || ' instructions, ' || runs || ' of them RUN')), path, line, 1
from file where path not in (select path from found)
