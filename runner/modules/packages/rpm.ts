import { argv, raw, sh } from '../../shell/script.ts';
import type { PackageManager } from './manager.ts';

const FORMAT = '%{NAME}|%{VERSION}-%{RELEASE}\\n';

/** Fedora's, Red Hat's and their kin's: dnf and yum take the same words. */
export function rpm(tool: 'dnf' | 'yum'): PackageManager {
  return {
    // A pinned name is `name-1.2`, which rpm finds as such; what is missing may be provided by another package.
    probe: (names, latest) => sh`for n in ${names}; do
if v=$(rpm -q --qf ${FORMAT} -- "$n" 2>/dev/null); then printf '%s\\n' "$v" | sed "s/^/installed=/"; echo "installed=$n|$(printf '%s\\n' "$v" | sed -n '1s/.*|//p')"
elif v=$(rpm -q --whatprovides --qf '%{NAME}\\n' -- "$n" 2>/dev/null); then echo "provided=$n|$v"; fi; done
${latest && names.length > 0 && sh`${tool} -C -q list --upgrades ${names} 2>/dev/null | awk ${'NF == 3 && $1 ~ /\\./ { sub(/\\.[^.]*$/, "", $1); print "candidate=" $1 "|" $2 }'}`}`,

    install: (names, { recommends, downgrade }) => argv(tool, '-y', 'install', recommends === false && '--setopt=install_weak_deps=False', downgrade && '--allowerasing', '--', names),
    remove: (names, { autoremove }) => sh`${tool} -y ${autoremove ? 'autoremove' : 'remove'} -- ${names}`,
    update: () => sh`${tool} -q -y makecache`,
    upgrade: () => sh`${tool} -y upgrade`,
    inspect: (file) => sh`rpm -qp --qf ${`file=${FORMAT}`} -- ${file} 2>/dev/null || echo file-problem=unreadable`,
    nothingDone: /^Nothing to do\.?$/m,
  };
}

/** Lists what an upgrade of the host would install, from what the host knows already. */
export const rpmUpgradable = (tool: 'dnf' | 'yum') =>
  sh`echo upgrade:; ${tool} -C -q check-update 2>/dev/null | ${raw(`awk 'NF == 3 && $1 ~ /\\./ { print "upgradable=" $1 }'`)}`;
