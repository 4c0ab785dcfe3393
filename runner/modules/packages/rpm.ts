import { argv, raw, sh } from '../../model/script.ts';
import type { Choices, PackageManager } from './manager.ts';

/** The dot at the end is that of a line that came whole. */
const FORMAT = '%{NAME}|%{VERSION}-%{RELEASE}|.\\n';

/** Fedora's, Red Hat's and their kin's: dnf and yum take the same words. */
export function rpm(tool: 'dnf' | 'yum'): PackageManager {
  return {
    // A pinned name is `name-1.2`, which rpm finds as such; what is missing may be provided by another package.
    probe: (names, latest) => sh`for n in ${names}; do
if v=$(rpm -q --qf ${FORMAT} -- "$n" 2>/dev/null); then
printf '%s\\n' "$v" | sed -e 's/|\\.$//;t y' -e 's/^/cut=/;b' -e :y -e 's/^/installed=/'; v=\${v%%|.*}; echo "installed=$n|\${v##*|}"
elif v=$(rpm -q --whatprovides --qf '%{NAME}\\n' -- "$n" 2>&1); then echo "provided=$n|$v"
else case $v in *"file $n: No such file"*|*"file $n is not owned"*) ;; *error:*) echo "$v" >&2; exit 1;; *"no package provides $n"*) ;; *) echo "rpm: \${v:-failed, and said nothing}" >&2; exit 1;; esac; fi; done
${
  latest &&
  names.length > 0 &&
  sh`v=$(${tool} -C -q list --upgrades ${names} 2>&1) || case $v in *"o matching "*) ;; *) echo "$v" >&2; exit 1;; esac
printf '%s\\n' "$v" | awk ${'NF == 3 && $1 ~ /\\./ { sub(/\\.[^.]*$/, "", $1); print "candidate=" $1 "|" $2 }'}`
}`,

    install: (names, { recommends, downgrade, ...choices }) =>
      argv(
        tool,
        '-y',
        'install',
        repositories(choices),
        choices.noGpgCheck && '--nogpgcheck',
        recommends === false && '--setopt=install_weak_deps=False',
        downgrade && '--allowerasing',
        '--',
        names,
      ),
    remove: (names, { autoremove }) => sh`${tool} -y ${autoremove ? 'autoremove' : 'remove'} -- ${names}`,
    update: (choices) => argv(tool, '-q', '-y', 'makecache', repositories(choices)),
    upgrade: (_full, choices) =>
      argv(tool, '-y', 'upgrade', repositories(choices), choices.noGpgCheck && '--nogpgcheck'),
    inspect: (file) =>
      sh`rpm -qp --qf ${'file=%{NAME}|%{VERSION}-%{RELEASE}\\n'} -- ${file} 2>/dev/null || echo file-problem=unreadable`,
    nothingDone: /^Nothing to do\.?$/m,
  };
}

/** Options for the repositories of one task. */
function repositories({ enableRepos = [], disableRepos = [] }: Partial<Choices>): string[] {
  return [...disableRepos.map((name) => `--disablerepo=${name}`), ...enableRepos.map((name) => `--enablerepo=${name}`)];
}

/** Lists what an upgrade of the host would install, from what the host knows already. */
export const rpmUpgradable = (tool: 'dnf' | 'yum') =>
  sh`echo upgrade:; v=$(${tool} -C -q check-update 2>&1) || [ $? = 100 ] || { echo "$v" >&2; exit 1; }
printf '%s\\n' "$v" | ${raw(`awk 'NF == 3 && $1 ~ /\\./ { print "upgradable=" $1 }'`)}`;
