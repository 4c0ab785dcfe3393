import { sh } from '../../model/script.ts';
import type { PackageManager } from './manager.ts';

/** Alpine's. */
export const apk: PackageManager = {
  // `apk info -ev` says `name-1.2-r3`: the name is known, so what follows it is the version.
  probe: (names, latest) => sh`for n in ${names.map((name) => name.replace(/[=<>~].*$/, ''))}; do
if v=$(apk info -ev "$n" 2>/dev/null); then
case $v in *-[0-9]*-r[0-9]*) ;; *) echo "apk info printed '$v' for $n, expected a name with its version" >&2; exit 1;; esac
case $v in "$n"-[0-9]*) echo "installed=$n|\${v#"$n"-}";; *) echo "provided=$n|$v";; esac
else r=$?; e=$(apk info -ev "$n" 2>&1 | grep -v '^WARNING'); [ "$r:$e" = 1: ] || { echo "apk: \${e:-exit status $r}" >&2; exit 1; }; fi
${latest && sh`v=$(apk version -l '<' "$n" 2>/dev/null) || { apk version -l '<' "$n" >/dev/null; exit 1; }; printf '%s\\n' "$v" | sed -n "s/^.* < *\\\\([^ ]*\\\\).*/candidate=$n|\\\\1/p"`}
done`,
  install: (names) => sh`apk add -u -- ${names}`,
  remove: (names) => sh`apk del -- ${names}`,
  update: () => sh`apk -q update`,
  upgrade: () => sh`apk upgrade`,
  inspect: (file) =>
    sh`[ -r ${file} ] && tar -xzOf ${file} .PKGINFO 2>/dev/null | awk -F ' = ' ${'$1 == "pkgname" { n = $2 } $1 == "pkgver" { v = $2 } END { print "file=" n "|" v }'}`,
  nothingDone: /^OK: /,
};

/** Lists what an upgrade of the host would install, from what the host knows already. */
export const apkUpgradable = sh`echo upgrade:; v=$(apk version -l '<' 2>/dev/null) || { apk version -l '<' >/dev/null; exit 1; }; printf '%s\\n' "$v" | awk 'NR > 1 { print "upgradable=" $1 }'`;
