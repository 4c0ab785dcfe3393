/** Switches that every mount has, each with its opposite; the first is what `defaults` stands for. mount(8). */
const SWITCHES = [['rw', 'ro'], ['suid', 'nosuid'], ['dev', 'nodev'], ['exec', 'noexec'], ['async', 'sync']] as const;
/** These are read-only by nature: that `ro` shows there though nobody asked is no drift. */
const READ_ONLY = ['iso9660', 'squashfs', 'erofs', 'cramfs', 'romfs'];

/** An option that is not as wanted: what it is called, and how it is and should be. */
export interface OptionDrift {
  name: string;
  found: string;
  wanted: string;
}

/**
 * How the options of a mount differ from those of a task. Only what the kernel shows can be compared: `found` is what
 * mountinfo says of the mount and of its file system, in one list. Switches that the task does not name are wanted as
 * `defaults` has them, so that a mount which somebody made read-only is drift.
 */
export function optionDrift(opts: string, found: readonly string[], fstype: string): OptionDrift[] {
  const wanted = words(opts);
  const drift: OptionDrift[] = [];
  for (const [on, off] of SWITCHES) {
    const want = wanted.findLast((word) => word === on || word === off);
    if (want === undefined && on === 'rw' && READ_ONLY.includes(fstype)) continue;
    // A mount may be read-only on a file system that is not, and the other way round.
    const is = found.includes(off) ? off : on;
    if (is !== (want ?? on)) drift.push({ name: on, found: is, wanted: want ?? on });
  }
  const shown = values(found);
  for (const [name, value] of values(wanted)) {
    const is = shown.get(name);
    if (is !== undefined && !same(name, is, value)) drift.push({ name, found: `${name}=${is}`, wanted: `${name}=${value}` });
  }
  return [...drift, ...timeDrift(wanted, found)];
}

/** Of the ways to keep times only those that are asked for are compared: the kernel chooses one by itself. */
function timeDrift(wanted: readonly string[], found: readonly string[]): OptionDrift[] {
  const kinds = ['noatime', 'relatime', 'strictatime', 'nodiratime'];
  return kinds.filter((kind) => wanted.includes(kind) && kind !== 'strictatime' && !found.includes(kind)).map((kind) => ({ name: kind, found: found.find((word) => kinds.includes(word)) ?? 'strictatime', wanted: kind }));
}

/** The options that mount(8) takes from a command line; the others are for the boot. */
export function liveOptions(opts: string): string {
  return words(opts).filter((word) => !/^(defaults|noauto|auto|nofail|_netdev|x-.*|comment=.*)$/.test(word)).join(',');
}

/** The options for a remount: each switch is named, or the kernel would keep what it has. */
export function remountOptions(opts: string): string {
  const wanted = words(liveOptions(opts));
  const missing = SWITCHES.filter(([on, off]) => !wanted.includes(on) && !wanted.includes(off)).map(([on]) => on);
  return ['remount', ...missing, ...wanted].join(',');
}

/** Whether it is a directory shown in a second place. */
export function isBind(opts: string): boolean {
  return words(opts).some((word) => word === 'bind' || word === 'rbind');
}

const words = (opts: string) => opts.split(',').filter(Boolean);

function values(options: readonly string[]): Map<string, string> {
  return new Map(options.flatMap((word) => (word.includes('=') ? [[word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const] : [])));
}

function same(name: string, found: string, wanted: string): boolean {
  if (name === 'size' || name === 'nr_blocks' || name === 'nr_inodes') return wanted.endsWith('%') || amount(found, name) === amount(wanted, name);
  if (/mode$|mask$/.test(name)) return Number.parseInt(found, 8) === Number.parseInt(wanted, 8);
  // The kernel shows numbers where people write names.
  if (/^(uid|gid)$/.test(name) && !/^\d+$/.test(wanted)) return true;
  return found === wanted;
}

/** tmpfs takes `10m`, and shows whole pages in KiB. */
function amount(value: string, name: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([kmgt]?)$/i.exec(value) ?? [];
  const number = Number(digits) * 1024 ** ' kmgt'.indexOf(unit.toLowerCase() || ' ');
  return name === 'size' ? Math.ceil(number / 4096) * 4096 : number;
}
