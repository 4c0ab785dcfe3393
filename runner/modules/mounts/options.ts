import { isBind, liveWords, propagationOf, valuesOf, words } from './words.ts';
import { hiddenValue, sameValue } from './values.ts';
import type { Terms } from './values.ts';

/** Switches that every mount has, each with its opposite; the first is what `defaults` means. mount(8). */
const SWITCHES = [
  ['rw', 'ro'],
  ['suid', 'nosuid'],
  ['dev', 'nodev'],
  ['exec', 'noexec'],
  ['async', 'sync'],
] as const;
/** Options that stand for several switches; later ones in the list take them back. mount(8). */
const IMPLIED: Record<string, string[]> = {
  user: ['nosuid', 'nodev', 'noexec'],
  users: ['nosuid', 'nodev', 'noexec'],
  owner: ['nosuid', 'nodev'],
  group: ['nosuid', 'nodev'],
};
/** These are read-only by nature: that `ro` shows there unasked is not drift. */
const READ_ONLY = ['iso9660', 'squashfs', 'erofs', 'cramfs', 'romfs'];
const TIMES = ['noatime', 'relatime', 'strictatime', 'nodiratime'];
/** Compared elsewhere: as attributes of the root directory, or as another thing that is mounted. */
const ELSEWHERE = /^(subvol|subvolid|loop|offset|sizelimit)$/;

/** An option that is not as wanted: what it is called, and how it is and should be. */
export interface OptionDrift {
  name: string;
  found: string;
  wanted: string;
}

/**
 * How the options of a mount differ from those of a task. Only what the kernel shows can be compared: `found` is what
 * mountinfo says of the mount and of its file system, in one list. Switches that the task does not name are wanted as
 * `defaults` has them, so that a mount that was made read-only is drift.
 */
export function optionDrift(opts: string, found: readonly string[], terms: Terms): OptionDrift[] {
  const wanted = liveWords(opts).flatMap((word) => [word, ...(IMPLIED[word] ?? [])]);
  return [
    ...switchDrift(wanted, found, terms),
    ...valueDrift(wanted, found, terms),
    ...timeDrift(wanted, found),
    ...oppositeDrift(wanted, found),
  ];
}

function switchDrift(
  wanted: readonly string[],
  found: readonly string[],
  { fstype, inherited = [] }: Terms,
): OptionDrift[] {
  return SWITCHES.flatMap(([on, off]) => {
    const want = wanted.findLast((word) => word === on || word === off) ?? (inherited.includes(off) ? off : undefined);
    if (want === undefined && isByNature(off, fstype)) return [];
    // A mount may be read-only on a file system that is not, and the other way round.
    const is = found.includes(off) ? off : on;
    return is === (want ?? on) ? [] : [{ name: on, found: is, wanted: want ?? on }];
  });
}

/** libfuse mounts with nosuid and nodev unless options say otherwise. */
function isByNature(off: string, fstype: string): boolean {
  return (
    (off === 'ro' && READ_ONLY.includes(fstype)) || (['nosuid', 'nodev'].includes(off) && fstype.startsWith('fuse'))
  );
}

function valueDrift(wanted: readonly string[], found: readonly string[], terms: Terms): OptionDrift[] {
  const shown = valuesOf(found);
  const drift: OptionDrift[] = [];
  for (const [name, value] of masks(valuesOf(wanted))) {
    const is = shown.get(name) ?? hiddenValue(name, terms);
    if (is === undefined || ELSEWHERE.test(name) || isOfRoot(name, terms.fstype)) continue;
    if (!sameValue(name, is, value, terms)) drift.push({ name, found: `${name}=${is}`, wanted: `${name}=${value}` });
  }
  return drift;
}

/** tmpfs takes these once, for its root directory: later that directory's own mode and owner count. */
export function isOfRoot(name: string, fstype: string): boolean {
  return fstype === 'tmpfs' && ['mode', 'uid', 'gid'].includes(name);
}

/** FAT and its kin show a umask as one of files and one of directories. */
function masks(values: Map<string, string>): [string, string][] {
  return [...values].flatMap(([name, value]): [string, string][] =>
    name === 'umask'
      ? [
          ['fmask', values.get('fmask') ?? value],
          ['dmask', values.get('dmask') ?? value],
        ]
      : [[name, value]],
  );
}

/** Of the ways to keep times only those that are asked for are compared: the kernel chooses one by itself. */
function timeDrift(wanted: readonly string[], found: readonly string[]): OptionDrift[] {
  const is = found.find((word) => TIMES.includes(word)) ?? 'strictatime';
  return TIMES.filter(
    (kind) =>
      wanted.includes(kind) && (kind === 'strictatime' ? is !== kind && is !== 'nodiratime' : !found.includes(kind)),
  ).map((kind) => ({ name: kind, found: is, wanted: kind }));
}

/** Other switches that the kernel shows the other way round: `nodiscard` where `discard` is wanted. What it does not show may be its default. */
function oppositeDrift(wanted: readonly string[], found: readonly string[]): OptionDrift[] {
  const compared = new Set<string>([...SWITCHES.flat(), ...TIMES]);
  return wanted.flatMap((word) => {
    const opposite = word.startsWith('no') ? word.slice(2) : `no${word}`;
    const wrong = !compared.has(word) && !word.includes('=') && found.includes(opposite) && !found.includes(word);
    return wrong ? [{ name: word, found: opposite, wanted: word }] : [];
  });
}

/** How the kernel shows a mount that is passed on as wanted; undefined where it is, or where the task does not say. */
export function propagationDrift(opts: string, tags: readonly string[]): OptionDrift | undefined {
  const wanted = propagationOf(opts);
  const kind = wanted?.replace(/^r(?=shared|slave|private|unbindable)/, '');
  const shared = tags.some((tag) => tag.startsWith('shared:'));
  const found = tags.includes('unbindable')
    ? 'unbindable'
    : shared
      ? 'shared'
      : tags.some((tag) => tag.startsWith('master:'))
        ? 'slave'
        : 'private';
  // A slave without a master is private.
  if (wanted === undefined || found === kind || (kind === 'slave' && found === 'private')) return undefined;
  return { name: 'propagation', found, wanted };
}

/** The options for a remount: each switch is named, or the kernel would keep what it has. */
export function remountOptions(opts: string, inherited: readonly string[] = []): string {
  const wanted = liveWords(opts).filter((word) => !/^(loop|offset|sizelimit|subvol|subvolid)(=|$)/.test(word));
  const implied = wanted.flatMap((word) => IMPLIED[word] ?? []);
  const missing = SWITCHES.filter(
    ([on, off]) => ![...wanted, ...implied].some((word) => word === on || word === off),
  ).map(([on, off]) => (inherited.includes(off) ? off : on));
  return ['remount', ...missing, ...wanted].join(',');
}

/** What a bind mount has to be given besides: with one switch of its own, mount(8) sets all of them, and forgets those of the mount that it shows. */
export function inheritedSwitches(opts: string, inherited: readonly string[]): string[] {
  const wanted = liveWords(opts);
  const named = SWITCHES.filter((pair) => wanted.some((word) => pair.some((one) => one === word)));
  if (!isBind(opts) || named.length === 0) return [];
  return SWITCHES.filter((pair) => !named.includes(pair) && inherited.includes(pair[1])).map(([, off]) => off);
}

/** The value of one option; undefined where the task does not give it. */
export function optionOf(opts: string, name: string): string | undefined {
  return valuesOf(words(opts)).get(name);
}

/** Which options of a mount are compared: those of a bind mount are its own, the file system's belong to others. */
export function shownOptions(
  opts: string,
  { options, fileSystem }: { options: readonly string[]; fileSystem: readonly string[] },
): readonly string[] {
  return isBind(opts) ? options : [...options, ...fileSystem];
}
