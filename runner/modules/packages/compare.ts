import type { Diff } from '../../model/events.ts';
import type { PackageState } from './package-state.ts';

export interface PackagesWanted {
  /** `name`, `name=version`, `name=1.2*` or `name/release`. */
  names: string[];
  file?: string | undefined;
  absent: boolean;
  latest: boolean;
  purge: boolean;
}

/** What differs, the names to install or remove for it, and the state after that. */
export function packageDiff(
  wanted: PackagesWanted,
  state: PackageState,
): { diff: Diff[]; act: string[]; after: PackageState } {
  const diff: Diff[] = [];
  const act: string[] = [];
  const after: PackageState = { ...state, installed: { ...state.installed } };
  const change = (argument: string, name: string, before: string | null, version: string | null) => {
    diff.push({ what: `package ${name}`, before, after: version });
    act.push(argument);
    if (version === null) delete after.installed[name];
    else after.installed[name] = version;
  };
  for (const argument of wanted.names) {
    const [, name = argument, pin] = /^([^=/]+)(?:=(.*)|\/.*)?$/.exec(argument) ?? [];
    const found = state.installed[name] ?? null;
    if (wanted.absent) {
      const leftover = wanted.purge && state.leftovers.includes(name);
      if (found !== null || leftover) change(name, name, found ?? 'configuration', null);
      continue;
    }
    if (pin !== undefined ? !matches(found, pin) : found === null && !state.provided[name])
      change(argument, name, found, pin ?? 'installed');
    else if (wanted.latest && isNewer(state.candidates[name], found))
      change(argument, name, found, state.candidates[name] as string);
  }
  const { file } = state;
  if (wanted.file && file && !wanted.absent && state.installed[file.name] !== file.version) {
    change(wanted.file, file.name, state.installed[file.name] ?? null, file.version);
  }
  return { diff, act, after };
}

function isNewer(candidate: string | undefined, found: string | null): boolean {
  return candidate !== undefined && candidate !== '(none)' && candidate !== found;
}

/** A version, or a pattern in which * matches anything. */
function matches(found: string | null, pin: string): boolean {
  if (found === null) return false;
  const pattern = pin
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(found);
}
