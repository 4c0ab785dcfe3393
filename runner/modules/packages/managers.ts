import { raw, sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { apk, apkUpgradable } from './apk.ts';
import { apt, aptChores, aptUpgradable } from './apt.ts';
import type { Chores, PackageManager } from './manager.ts';
import { rpm, rpmUpgradable } from './rpm.ts';
import type { ManagerName } from './package-state.ts';

/** What is to be looked up. */
export interface Question {
  names: string[];
  latest: boolean;
  file?: string | undefined;
  upgrade?: 'safe' | 'full' | undefined;
  chores?: Chores | undefined;
}

const managers: Record<Exclude<ManagerName, 'none'>, PackageManager> = { apt, dnf: rpm('dnf'), yum: rpm('yum'), apk };
const tools: Record<Exclude<ManagerName, 'none'>, string> = { apt: 'apt-get', dnf: 'dnf', yum: 'yum', apk: 'apk' };

/** The package manager of that name. */
export function managerOf(name: Exclude<ManagerName, 'none'>): PackageManager {
  return managers[name];
}

/** Asks the package manager that the host has; `use` names one instead. */
export function probePackages(question: Question, use: ManagerName | 'auto'): Script {
  const names = (Object.keys(managers) as (keyof typeof managers)[]).filter((name) => use === 'auto' || use === name);
  const branches = names.map(
    (name) => sh`if command -v ${tools[name]} >/dev/null; then echo manager=${name}\n${ask(name, question)}\nel`.text,
  );
  return raw(`${branches.join('')}se echo manager=none; fi\nexit 0`);
}

function ask(name: keyof typeof managers, { names, latest, file, upgrade, chores }: Question): Script {
  const manager = managers[name];
  const upgradable =
    name === 'apt' ? aptUpgradable(upgrade === 'full') : name === 'apk' ? apkUpgradable : rpmUpgradable(name);
  return sh`${manager.probe(names, latest)}\n${file !== undefined && manager.inspect(file)}\n${upgrade && upgradable}\n${file !== undefined && name === 'apt' && fileInstalled(file)}\n${chores && name === 'apt' && aptChores(chores)}`;
}

/** What is installed of the package that a file holds: its name is in the file only. */
function fileInstalled(file: string): Script {
  return sh`n=$(dpkg-deb -f ${file} Package 2>/dev/null) && { v=$(dpkg-query -W -f=${'${db:Status-Abbrev}|${Version}'} "$n" 2>/dev/null) || { [ $? = 1 ] || exit 1; v=; }; } &&
case $v in ?i*) echo "installed=$n|\${v#*|}";; esac`;
}
