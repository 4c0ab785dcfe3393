import { argv, raw, sh } from '../../shell/script.ts';
import type { Script } from '../../shell/script.ts';
import type { Choices, PackageManager } from './manager.ts';

const ENVIRONMENT = 'export DEBIAN_FRONTEND=noninteractive LC_ALL=C NEEDRESTART_SUSPEND=1';
/** Configuration that somebody changed is kept, that nobody touched is replaced: nothing is ever asked. */
const OPTIONS = '-q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold';
const STATUS = 'x=${db:Status-Abbrev}|${Package}|${Architecture}|${Version}\\n';

/** Debian's and Ubuntu's. */
export const apt: PackageManager = {
  probe: (names, latest) => sh`${names.length > 0 && installed(names.map(bare))}
${latest && names.length > 0 && candidates(names.map(bare))}
printf 'now=%s\\n' "$(date +%s)"
stat -c 'read=%Y' /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists/partial /var/lib/apt/lists 2>/dev/null`,

  install: (names, choices) => get(argv('install', [...flags(choices), '--', ...names]), choices),

  remove: (names, choices) => get(argv(choices.purge ? 'purge' : 'remove', choices.autoremove && '--auto-remove', '--', names.map(bare)), choices),

  // The lists have a lock of their own, for which no release of apt waits.
  update: ({ lockTimeout }) => sh`${raw(ENVIRONMENT)}; n=0
until e=$(apt-get -q -o APT::Update::Error-Mode=any update 2>&1); do
case $e in *"Could not get lock"*) n=$((n + 2)); [ $n -le ${lockTimeout} ] && sleep 2 && continue;; esac
printf '%s\\n' "$e" >&2; exit 100
done`,

  upgrade: (full, choices) => get(raw(full ? 'dist-upgrade' : 'upgrade'), choices),

  inspect: (file) => sh`if [ -r ${file} ]; then printf 'file=%s|%s\\n' "$(dpkg-deb -f ${file} Package)" "$(dpkg-deb -f ${file} Version)"
else echo file-problem=missing; fi`,

  nothingDone: /^0 upgraded, 0 newly installed(, 0 downgraded)?, 0 to remove/m,
};

/** Lists what an upgrade of the host would install; apt only plays it through. */
export const aptUpgradable = (full: boolean): Script =>
  sh`echo upgrade:; LC_ALL=C apt-get -s -q ${full ? 'dist-upgrade' : 'upgrade'} | sed -n 's/^Inst \\([^ ]*\\).*/upgradable=\\1/p'`;

function get(words: Script, { lockTimeout }: Choices): Script {
  return sh`${raw(ENVIRONMENT)}; apt-get ${raw(OPTIONS)} -o DPkg::Lock::Timeout=${lockTimeout} ${words}`;
}

function flags({ recommends, release, downgrade }: Choices): string[] {
  const words = recommends === undefined ? [] : [recommends ? '--install-recommends' : '--no-install-recommends'];
  if (release) words.push('-t', release);
  if (downgrade) words.push('--allow-downgrades');
  return words;
}

/** Without the version or release that is pinned. */
function bare(name: string): string {
  return name.replace(/[=/].*$/, '');
}

/** One call for all; only if a name is missing, all packages are asked whether they provide it. */
function installed(names: string[]): Script {
  return sh`set -- ${names}
q=$(dpkg-query -W -f=${STATUS} "$@" 2>/dev/null); r=$?
printf '%s\\n' "$q" | while IFS='|' read -r s p a v; do case $s in
x=?i*) echo "installed=$p|$v"; echo "installed=$p:$a|$v";;
x=rc*) echo "leftover=$p";; esac; done
[ $r = 0 ] || dpkg-query -W -f=${'x=${db:Status-Abbrev}|${Package}|${Provides}\\n'} | while IFS='|' read -r s p v; do
case $s in x=?i*) for n in "$@"; do case ", $v," in *", $n,"*|*", $n ("*) echo "provided=$n|$p";; esac; done;; esac; done`;
}

function candidates(names: string[]): Script {
  return sh`LC_ALL=C apt-cache policy -- ${names} | sed -n -e ${'s/^\\([^ ].*\\):$/\\1/;t n'} -e ${'s/^ *Candidate: //;t c'} -e 'd' -e ':n' -e 'h;d' -e ':c' -e ${'G;s/^\\(.*\\)\\n\\(.*\\)$/candidate=\\2|\\1/p'}`;
}
