-- SPDX-License-Identifier: Apache-2.0
-- Packages that a RUN installs without saying which version. Local files and lists of requirements name their own; a variable is known to the build only.
with file as (select path, count(*) as instructions, sum(instruction = 'run') as runs, min(start_line) as line from dockerfile_instruction group by path),
-- For each manager: the word that installs, what a name with a version looks like, and the options whose value is the next word.
manager(kind, program, verb, pinned, takes_value) as (values
  ('deb', '^(apt|apt-get|aptitude)$', '^(install|satisfy)$', '=.|\.deb$|^[./]', '^(-t|-o|-c|-a|--target-release|--default-release|--option|--config-file)$'),
  ('apk', '^apk$', '^add$', '[=<>~].|\.apk$|^[./]', '^(-t|-X|-p|--virtual|--repository|--root|--arch|--keys-dir|--repositories-file|--wait|--cache-dir|--cache-max-age)$'),
  ('rpm', '^(yum|dnf|dnf5|microdnf|tdnf)$', '^(install|localinstall)$', '-[0-9][^-]*(-[^-]+)?$|\.rpm$|^[./@]', '^(-c|-x|-R|-d|-e|--config|--exclude|--enablerepo|--disablerepo|--repo|--installroot|--releasever|--setopt|--nodocs=)$'),
  ('zypper', '^zypper$', '^(install|in)$', '[=<>].|\.rpm$|^[./]', '^(-t|-r|--type|--repo|--from|--root|-R|--name)$'),
  ('pip', '^(pip[0-9.]*|pipx)$', '^install$', '==|===|@.|[\\/]|\.(whl|tar\.gz|zip)$|^\.', '^(-r|-c|-e|-i|-f|-t|--requirement|--constraint|--editable|--index-url|--extra-index-url|--find-links|--target|--prefix|--root|--src|--platform|--python-version|--implementation|--abi|--progress-bar|--proxy|--timeout|--retries|--cache-dir|--trusted-host|--cert|--log|--report|--upgrade-strategy)$'),
  ('npm', '^(npm|pnpm)$', '^(install|i|add)$', '.@[~^=v]?[0-9]|.@(npm|file|git|https?):|^(git|https?|file|github):|^[./~]|#[0-9a-f]|\.tgz$', '^(--prefix|--registry|--cache|--userconfig|--tag|--omit|--include|-C|--loglevel|-w|--workspace)$'),
  ('yarn', '^yarn$', '^add$', '.@[~^=v]?[0-9]|.@(npm|file|git|https?):|^(git|https?|file):|^[./~]|#[0-9a-f]|\.tgz$', '^(--cwd|--registry|--cache-folder|--modules-folder|--mutex)$'),
  ('gem', '^gem$', '^(install|i)$', '.:[0-9]|\.gem$|^[./]', '^(-i|-n|-s|-P|--install-dir|--bindir|--source|--trust-policy|--platform|--document)$'),
  ('go', '^go$', '^install$', '@v[0-9]|@[0-9a-f]{7,}|^[./]', '^(-C|-ldflags|-tags|-gcflags|-asmflags|-mod|-modfile|-o|-p|-overlay|-pgo|-toolexec)$'),
  ('cargo', '^cargo$', '^install$', '@[0-9]', '^(--root|--target|--registry|--index|--features|-F|--bin|--example|--profile|-j|--jobs|--config|--target-dir)$')
),
-- The value of a version's own option pins all that the command installs; so does a list of exact requirements, which is read where it stands.
install as (
  select c.path, c.locator, c.line, c."column", c.name, c.args, m.kind, m.pinned, m.takes_value, v.key as verb_at
  from dockerfile_command c join manager m on c.name regexp m.program join json_each(c.args) v on v.value regexp m.verb
  where not (m.kind = 'gem' and c.args regexp '"(-v|--version)["=]|"-v[0-9]') and not (m.kind = 'cargo' and c.args regexp '"(--version|--vers|--path|--git|--locked)["=]')
    and not exists (select 1 from json_each(c.args) o where o.key < v.key and o.value not regexp '^-' and o.value not in ('global', 'env', 'tool')
      and not exists (select 1 from json_each(c.args) b where b.key = o.key - 1 and b.value regexp m.takes_value))
),
package as (
  select i.*, p.value as package from install i join json_each(i.args) p
  where p.key > i.verb_at and p.value not regexp '^[-<>&|0-9]*[<>&|]|^-|^$' and p.value not regexp i.pinned
    and not exists (select 1 from json_each(i.args) o where o.key = p.key - 1 and o.value regexp i.takes_value)
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
