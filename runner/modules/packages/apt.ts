import { argv, atExit, raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { Choices, Chores, PackageManager } from './manager.ts';

const ENVIRONMENT = 'export DEBIAN_FRONTEND=noninteractive LC_ALL=C NEEDRESTART_SUSPEND=1';
/** The dot at the end is that of a line that came whole. */
const STATUS = 'x=${db:Status-Abbrev}|${Package}|${Architecture}|${Version}|.\\n';

/** Debian's and Ubuntu's. */
export const apt: PackageManager = {
  probe: (names, latest) => sh`${names.length > 0 && installed(names.map(bare))}
${names.some(isPattern) && matching(names.filter(isPattern).map(bare))}
${
  names.length > 0 &&
  sh`${latest ? raw('') : raw('[ $r = 0 ] || ')}{ ${candidates(names.map(bare).filter((name) => !isPattern(name)))}
}`
}
printf 'now=%s\\n' "$(date +%s)"
stat -c 'read=%Y' /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists/partial /var/lib/apt/lists 2>/dev/null; :`,

  install: (names, choices) => get(argv('install', [...flags(choices), '--', ...names]), choices),

  remove: (names, choices) =>
    get(
      argv(
        choices.purge ? 'purge' : 'remove',
        choices.autoremove && '--auto-remove',
        (choices.allow ?? []).map((one) => `--allow-${one}`),
        '--',
        names.map(bare),
      ),
      choices,
    ),

  // The lists have a lock of their own, for which no release of apt waits.
  update: ({ lockTimeout }) => sh`${raw(ENVIRONMENT)}; n=0
until e=$(apt-get -q -o APT::Update::Error-Mode=any update 2>&1); do
case $e in *"Could not get lock"*) n=$((n + 2)); [ $n -le ${lockTimeout} ] && sleep 2 && continue;; esac
printf '%s\\n' "$e" >&2; exit 100
done`,

  upgrade: (full, choices) => get(raw(full ? 'dist-upgrade' : 'upgrade'), choices),

  inspect: (
    file,
  ) => sh`if [ -r ${file} ]; then printf 'file=%s|%s\\n' "$(dpkg-deb -f ${file} Package)" "$(dpkg-deb -f ${file} Version)"
else echo file-problem=missing; fi`,

  nothingDone: /^0 upgraded, 0 newly installed(, 0 downgraded)?, 0 to remove/m,
};

/** Lists what an upgrade of the host would install; apt only plays it through. */
export const aptUpgradable = (full: boolean): Script =>
  sh`echo upgrade:; ${played([full ? 'dist-upgrade' : 'upgrade'], 's/^Inst \\([^ ]*\\).*/upgradable=\\1/p')}`;

/** What apt would do besides installing by name, played through: `fixed`, `build-dep`, and what of the cleaning would find something. */
export const aptChores = ({
  fixed,
  buildDep,
  autoremove,
  autoclean,
  clean,
}: Chores): Script => sh`${fixed && played(['-f', 'install'], CHORE)}
${buildDep && played(['build-dep', ...buildDep], CHORE)}
${autoremove && played(['autoremove'], 's/^Remv \\([^ ]*\\).*/chore=autoremove \\1/p')}
${autoclean && played(['autoclean'], 's/^Del \\([^ ]*\\).*/chore=autoclean \\1/p')}
${clean && raw('for f in /var/cache/apt/archives/*.deb; do [ ! -f "$f" ] || printf \'chore=clean %s\\n\' "${f##*/}"; done')}`;

const CHORE = 's/^\\(Inst\\|Remv\\|Conf\\) \\([^ ]*\\).*/chore=\\1 \\2/p';

function played(words: string[], pick: string): Script {
  return sh`o=$(LC_ALL=C apt-get -s -q ${words}) || exit; printf '%s\\n' "$o" | sed -n ${pick}`;
}

/** The commands for it. */
export const aptChore = (words: string[], choices: Choices): Script => get(argv(...words), choices);

function get(words: Script, choices: Choices): Script {
  const { lockTimeout, dpkgOptions = ['force-confdef', 'force-confold'], policyRcD } = choices;
  return sh`${raw(ENVIRONMENT)}; ${policyRcD !== undefined && answering(policyRcD)}apt-get -q -y ${dpkgOptions.flatMap((option) => ['-o', `Dpkg::Options::=--${option}`])} -o DPkg::Lock::Timeout=${lockTimeout} ${words}`;
}

const POLICY = '/usr/sbin/policy-rc.d';

/** Has the policy of services answer so until the script ends; one that the host has comes back then. */
function answering(status: number): Script {
  return sh`p=${POLICY}; o=; if [ -e "$p" ] || [ -h "$p" ]; then o=$p.xrun-kept; [ ! -e "$o" ] || { echo "$o is in the way: another run keeps the policy there" >&2; exit 1; }; mv "$p" "$o" || exit; fi
${atExit('if [ "$o" ]; then mv -f "$o" "$p"; else rm -f "$p"; fi')}
printf '#!/bin/sh\\nexit %s\\n' ${status} >"$p" && chmod 755 "$p" || exit
`;
}

function flags({ recommends, release, downgrade, allow = [], onlyUpgrade, noRemove }: Choices): string[] {
  const words = recommends === undefined ? [] : [recommends ? '--install-recommends' : '--no-install-recommends'];
  if (release) words.push('-t', release);
  if (downgrade) words.push('--allow-downgrades');
  if (noRemove) words.push('--no-remove');
  if (onlyUpgrade) words.push('--only-upgrade');
  words.push(...allow.map((one) => `--allow-${one}`));
  return words;
}

/** Without the version or release that is pinned. */
function bare(name: string): string {
  return name.replace(/[=/].*$/, '');
}

/** One call for all, which has to answer for each name that is not a pattern; only if a name is missing, all packages are asked whether they provide it. */
function installed(names: string[]): Script {
  return sh`set -- ${names}
q=$(dpkg-query -W -f=${STATUS} "$@" 2>&1); r=$?; [ $r -le 1 ] || { printf '%s\\n' "$q" >&2; exit $r; }
for n; do case $n in *[*?[]*) continue;; esac; case $q in *"|\${n%%:*}|"*|*"no packages found matching $n"*) ;; *) echo "dpkg-query did not say how $n is" >&2; exit 1;; esac; done
printf '%s\\n' "$q" | while IFS='|' read -r s p a v e; do case $s:$e in x=*:.|dpkg-query*) ;; *) echo "cut=$s|$p|$a|$v";; esac; case $s in
x=?[itW]*) echo "installed=$p|$v"; echo "installed=$p:$a|$v"; case $s in x=h*) echo "held=$p";; esac;;
x=?[UFH]*) echo "half=$p";;
x=rc*) echo "leftover=$p";; esac; done
[ $r = 0 ] || { q=$(dpkg-query -W -f=${'x=${db:Status-Abbrev}|${Package}|${Provides}|.\\n'}) || exit
printf '%s\\n' "$q" | while IFS='|' read -r s p v e; do case $e in .) ;; *) echo "cut=$s|$p|$v";; esac
case $s in x=?[itW]*) for n in "$@"; do case ", $v," in *", $n,"*|*", $n ("*) echo "provided=$n|$p";; esac; done;; esac; done; }`;
}

/** Whether a name matches all packages with such names, as a shell's patterns do; a version may have a * as well. */
export const isPattern = (name: string) => /[*?[]/.test(bare(name));

/** The packages that a pattern means: those that could be installed, and those that are. */
function matching(patterns: string[]): Script {
  return raw(`a=$(apt-cache pkgnames) || exit; i=$(dpkg-query -W -f='\${Package}\\n') || exit
printf '%s\\n' "$a" "$i" | sort -u | while read -r p; do case $p in ${patterns.map((one) => `${globbed(one)}) printf 'match=%s|%s\\n' ${sh`${one}`.text} "$p";;`).join('\n')} esac; done`);
}

/** A pattern for the shell in which nothing but its wildcards has a meaning. */
const globbed = (pattern: string) => pattern.replace(/[^\w.+:*?[\]-]/g, '');

function candidates(names: string[]): Script {
  if (names.length === 0) return raw(':');
  return sh`c=$(LC_ALL=C apt-cache policy -- ${names} 2>/dev/null) || exit; [ "$(printf '%s\\n' "$c" | grep -c '^[^ ].*:$')" = "$(printf '%s\\n' "$c" | grep -c '^ *Candidate: .')" ] || { echo 'apt-cache policy printed only a part' >&2; exit 1; }
printf '%s\\n' "$c" | sed -n -e ${'s/^\\([^ ].*\\):$/\\1/;t n'} -e ${'s/^ *Candidate: //;t c'} -e 'd' -e ':n' -e 'h;d' -e ':c' -e ${'G;s/^\\(.*\\)\\n\\(.*\\)$/candidate=\\2|\\1/p'}`;
}
