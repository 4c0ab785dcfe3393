import type { ProbeResult } from '../../model/module.ts';

export type ManagerName = 'apt' | 'dnf' | 'yum' | 'apk' | 'none';

/** What a host has of some packages. */
export interface PackageState {
  manager: ManagerName;
  /** Versions by name. */
  installed: Record<string, string>;
  /** Packages that others provide, by the name asked for. */
  provided: Record<string, string>;
  /** The versions that an upgrade would install, where that was asked. */
  candidates: Record<string, string>;
  /** Names of packages that left their configuration behind when they were removed. */
  leftovers: string[];
  /** Names that must stay as they are until they are unheld. */
  held: string[];
  /** Names of which dpkg has done only half: unpacked, not configured. */
  half: string[];
  /** The packages that a pattern means. */
  matches: Record<string, string[]>;
  /** What apt would do besides, a line each: `autoremove NAME`. */
  chores: string[];
  /** Seconds since the lists were read; undefined where that is not known. */
  listsAge?: number;
  /** The package that the named file holds. */
  file?: { name: string; version: string };
  fileProblem?: string;
  /** Names of packages that an upgrade of the host would touch. */
  upgradable?: string[];
}

/** Understands `manager=`, `installed=name|version`, `candidate=name|version` and so on, a line each. */
export function parsePackages({ rc, stdout, stderr }: ProbeResult): PackageState {
  if (rc !== 0 || !/^manager=/m.test(stdout)) throw new Error(`the packages cannot be read: ${stderr || stdout}`);
  const all = (key: string) =>
    [...stdout.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map((match) => match[1] as string);
  const [cut] = all('cut');
  if (cut !== undefined) throw new Error(`the packages cannot be read: a line is incomplete: ${cut}`);
  const pairs = (key: string) => Object.fromEntries(all(key).map((line) => pairOf(line)));
  const state: PackageState = {
    manager: (all('manager')[0] ?? 'none') as ManagerName,
    installed: pairs('installed'),
    provided: pairs('provided'),
    candidates: pairs('candidate'),
    leftovers: all('leftover'),
    held: all('held'),
    half: all('half'),
    matches: grouped(all('match')),
    chores: all('chore'),
  };
  const [now, read] = [all('now')[0], all('read')];
  if (now && read.length > 0) state.listsAge = Number(now) - read.map(Number).reduce((a, b) => Math.max(a, b));
  const [name, version] = all('file')[0]?.split('|') ?? [];
  if (name && version) state.file = { name, version };
  const problem = all('file-problem')[0];
  if (problem !== undefined) state.fileProblem = problem;
  if (stdout.includes('upgrade:\n')) state.upgradable = all('upgradable');
  return state;
}

function pairOf(line: string): [string, string] {
  const [name = '', version] = line.split('|');
  if (version === undefined) throw new Error(`the packages cannot be read: expected 'name|version', found '${line}'`);
  return [name, version];
}

/** `pattern|name` lines as lists by pattern. */
function grouped(lines: string[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const line of lines) {
    const [pattern = '', name = ''] = line.split('|');
    (groups[pattern] ??= []).push(name);
  }
  return groups;
}
