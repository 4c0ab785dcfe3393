import { sh } from '../../shell/script.ts';
import type { PackageManager } from './manager.ts';

/** Alpine's. */
export const apk: PackageManager = {
  // `apk info -ev` says `name-1.2-r3`: the name is known, so what follows it is the version.
  probe: (names, latest) => sh`for n in ${names.map((name) => name.replace(/[=<>~].*$/, ''))}; do
if v=$(apk info -ev "$n" 2>/dev/null) && [ -n "$v" ]; then case $v in "$n"-[0-9]*) echo "installed=$n|\${v#"$n"-}";; *) echo "provided=$n|$v";; esac; fi
${latest && sh`apk version -l '<' "$n" 2>/dev/null | sed -n "s/^.* < *\\\\([^ ]*\\\\).*/candidate=$n|\\\\1/p"`}
done`,
  install: (names) => sh`apk add -u -- ${names}`,
  remove: (names) => sh`apk del -- ${names}`,
  update: () => sh`apk -q update`,
  upgrade: () => sh`apk upgrade`,
  inspect: (file) => sh`[ -r ${file} ] && tar -xzOf ${file} .PKGINFO 2>/dev/null | awk -F ' = ' ${'$1 == "pkgname" { n = $2 } $1 == "pkgver" { v = $2 } END { print "file=" n "|" v }'}`,
  nothingDone: /^OK: /,
};

/** Lists what an upgrade of the host would install, from what the host knows already. */
export const apkUpgradable = sh`echo upgrade:; apk version -l '<' 2>/dev/null | awk 'NR > 1 { print "upgradable=" $1 }'`;
