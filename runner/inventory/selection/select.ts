import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { within } from '../../language/yaml/place.ts';
import { isImplicitHost } from '../implicit.ts';
import { splitPattern, subscriptOf } from './pattern.ts';
import type { Part, Subscript } from './pattern.ts';
import type { Inventory } from '../../model/inventory.ts';

const noInventory = 'Give an inventory with hosts: `-i FILE` or `-i host1,host2`.';

/** How a pattern is read. */
export interface SelectOptions {
  /** The position of the pattern, as the loader gave it. */
  at?: Position;
  /** No host at all is fine: groups may be empty, and globs match nothing. A name that does not exist never is. */
  allowEmpty?: boolean;
}

/**
 * The hosts that a pattern names, in the order it names them, those of a group as the inventory lists them: `web`,
 * `web:db`, `web,db`, `all:!db`, `web:&lab`, `web*`, `~web\d+`, `web[0]`, `web[1:3]`. localhost is there even where no
 * inventory has it.
 *
 * @throws XrunError E_HOSTS for a name that nothing has, with near misses, and for a pattern without hosts
 */
export function selectHosts(
  pattern: string,
  inventory: Inventory,
  { at, allowEmpty = false }: SelectOptions = {},
): string[] {
  const parts = splitPattern(pattern);
  const take = (sign: Part['sign']) =>
    parts.filter((part) => part.sign === sign).map((part) => matching(part, inventory, at));
  const [included, required, excluded] = [take(''), take('&'), take('!')];
  const start = included.length > 0 ? included.flat() : (named('all', inventory) ?? []);
  const wanted = new Set(
    start.filter(
      (host) => required.every((hosts) => hosts.includes(host)) && !excluded.some((hosts) => hosts.includes(host)),
    ),
  );
  const found = [...wanted];
  if (found.length > 0 || allowEmpty) return found;
  throw noHosts(pattern, inventory, at ? { at } : {});
}

/** The error of a pattern without hosts; `allowable` where a play may say that this is fine. */
export function noHosts(
  pattern: string,
  inventory: Inventory,
  { at, allowable = false }: { at?: Position; allowable?: boolean } = {},
): XrunError {
  const hint =
    inventory.hosts.size === 0
      ? noInventory
      : allowable
        ? 'Set `allow_empty: true` in the play if that is intended.'
        : undefined;
  return new XrunError('E_HOSTS', `no host matches '${pattern}'`, { ...(at && { at }), ...(hint && { hint }) });
}

/**
 * A `--limit` with the files it names (`@failed.txt`, a host or pattern a line) read in.
 *
 * @throws XrunError E_HOSTS for a file that cannot be read or is empty
 */
export function expandLimit(limit: string, cwd: string): string {
  return limit
    .split(',')
    .flatMap((part) => (part.trim().startsWith('@') ? readLimit(resolve(cwd, part.trim().slice(1))) : [part]))
    .join(',');
}

function readLimit(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new XrunError('E_HOSTS', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const names = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (names.length === 0) throw new XrunError('E_HOSTS', `${file} names no host`);
  return names;
}

function matching(part: Part, inventory: Inventory, at: Position | undefined): string[] {
  const found = named(part.name, inventory) ?? subscripted(part, inventory, at) ?? alike(part, inventory, at);
  if (found) return found;
  throw unknown(part, inventory, at);
}

/** The hosts of a name that is a group's or a host's. */
function named(name: string, inventory: Inventory): string[] | undefined {
  const group = inventory.groups.get(name === '*' ? 'all' : name);
  if (group) return group.hosts;
  return inventory.hosts.has(name) || isImplicitHost(name) ? [name] : undefined;
}

function subscripted(part: Part, inventory: Inventory, at: Position | undefined): string[] | undefined {
  const subscript = subscriptOf(part.name);
  const hosts =
    subscript &&
    (named(subscript.name, inventory) ??
      (/[*?]/.test(subscript.name) ? alike({ ...part, name: subscript.name }, inventory, at) : undefined));
  if (!subscript || !hosts) return undefined;
  const chosen = pick(hosts, subscript);
  if (chosen.length > 0) return chosen;
  const count = `${hosts.length} host${hosts.length === 1 ? '' : 's'}`;
  throw new XrunError('E_HOSTS', `'${part.name}' is out of range: ${subscript.name} has ${count}`, place(part, at));
}

/** As in Ansible, the last index of a range is part of it. */
function pick(hosts: string[], { from, to }: Subscript): string[] {
  const index = (n: number) => (n < 0 ? hosts.length + n : n);
  const [start, end] = [index(from), to === undefined ? hosts.length - 1 : index(to)];
  return hosts.filter((_, i) => i >= start && i <= end);
}

/** Hosts, and hosts of groups, that a glob or a `~regular expression` matches. */
function alike(part: Part, inventory: Inventory, at: Position | undefined): string[] | undefined {
  const test = matcher(part, at);
  if (!test) return undefined;
  const groups = [...inventory.groups.values()].filter(({ name }) => test.test(name)).flatMap(({ hosts }) => hosts);
  return [...groups, ...[...inventory.hosts.keys()].filter((name) => test.test(name))];
}

function matcher({ name, start, end }: Part, at: Position | undefined): RegExp | undefined {
  if (name.startsWith('~')) {
    try {
      return new RegExp(`^(?:${name.slice(1)})`);
    } catch (error) {
      throw new XrunError(
        'E_HOSTS',
        `'${name}' is not a valid regular expression: ${(error as Error).message}`,
        at ? { at: within(at, start, end) } : {},
      );
    }
  }
  if (!/[*?[]/.test(name)) return undefined;
  const source = name.replaceAll(/\[!?[^\]]+\]|[\\^$.*+?()[\]{}|]/g, (sign) => {
    if (sign === '*') return '.*';
    if (sign === '?') return '.';
    return sign.length > 1 ? sign.replace('[!', '[^') : `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}

function unknown(part: Part, inventory: Inventory, at: Position | undefined): XrunError {
  const known = [...inventory.groups.keys(), ...inventory.hosts.keys()];
  const hint = didYouMean(part.name, known) ?? knownHint(inventory);
  return new XrunError('E_HOSTS', `no host or group is called '${part.name}'`, { hint, ...place(part, at) });
}

function knownHint(inventory: Inventory): string {
  if (inventory.hosts.size === 0) return noInventory;
  const groups = [...inventory.groups.keys()].filter((name) => name !== 'ungrouped');
  return `Groups are ${groups.slice(0, 10).join(', ')}.`;
}

function place(part: Part, at: Position | undefined): { at?: Position } {
  return at ? { at: within(at, part.start, part.end) } : {};
}
