import { isAbsolute, relative } from 'node:path';
import { XrunError, XrunErrors } from '../diagnostics/errors.ts';
import type { Position } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { connectionVariables, isConnectionVariable } from './login/connection.ts';
import { badGroupName, badHostName } from './names.ts';
import { BadRange, expandRanges } from './selection/ranges.ts';
import type { Sourced } from '../model/inventory.ts';

/** Where something is in a source; `part` narrows it to some characters of a name. */
export interface Spot {
  at?: Position;
  part?(start: number, end: number): Position | undefined;
}

/** A group while sources are being read. */
export interface DraftGroup {
  name: string;
  hosts: Set<string>;
  children: Set<string>;
  /** Weakest first. */
  vars: Map<string, Sourced[]>;
  at?: Position;
}

/** A host while sources are being read. */
export interface DraftHost {
  name: string;
  vars: Map<string, Sourced[]>;
  at?: Position;
}

/** What the sources say, put together; errors are collected so that all are reported at once. */
export class Draft {
  readonly hosts = new Map<string, DraftHost>();
  readonly groups = new Map<string, DraftGroup>();
  readonly mistakes: XrunError[] = [];
  readonly warnings: XrunError[] = [];

  readonly #cwd: string;

  /** @param cwd what the names of files in positions are relative to, absolute */
  constructor(cwd: string) {
    this.#cwd = cwd;
    this.group('all');
    this.group('ungrouped');
  }

  /** Notes an error: E_INVENTORY at a place. */
  wrong(message: string, at?: Position, hint?: string): void {
    this.mistakes.push(inventoryError(message, at, hint));
  }

  /** Notes what is probably not meant: a warning. */
  doubt(code: string, message: string, hint: string): void {
    this.warnings.push(new XrunError(code, message, { hint }));
  }

  /** The name that positions give a file: relative to the working directory where it is below that. */
  shown(file: string): string {
    const short = relative(this.#cwd, file);
    return short.startsWith('..') || isAbsolute(short) ? file : short;
  }

  /** Finds or makes a group. */
  group(name: string, spot: Spot = {}): DraftGroup {
    const known = this.groups.get(name);
    if (known) return known;
    const bad = badGroupName(name);
    if (bad) this.wrong(bad, spot.at, 'Use letters, digits, _, - and a dot.');
    const group: DraftGroup = {
      name,
      hosts: new Set(),
      children: new Set(),
      vars: new Map(),
      ...(spot.at && { at: spot.at }),
    };
    this.groups.set(name, group);
    return group;
  }

  /** Adds the hosts that a pattern (`node[1:5]`, `db:2222`) expands to, to a group; returns their names. */
  addHosts(pattern: string, group: string, spot: Spot): string[] {
    const [names, port] = this.#expand(pattern, spot);
    for (const name of names) {
      if (!this.hosts.has(name)) this.hosts.set(name, { name, vars: new Map(), ...(spot.at && { at: spot.at }) });
      this.group(group).hosts.add(name);
      if (port !== undefined)
        this.setHostVar(name, 'xrun_port', { value: port, origin: 'host name', ...(spot.at && { at: spot.at }) });
    }
    return names;
  }

  /** One more candidate for a variable of a group, stronger than those before. */
  setGroupVar(group: string, name: string, sourced: Sourced, nameAt = sourced.at): void {
    this.checkName(name, nameAt);
    push(this.group(group).vars, name, sourced);
  }

  /** One more candidate for a variable of a host, stronger than those before. */
  setHostVar(host: string, name: string, sourced: Sourced, nameAt = sourced.at): void {
    this.checkName(name, nameAt);
    const vars = this.hosts.get(host)?.vars;
    if (!vars) return;
    this.#compare(host, name, vars.get(name)?.at(-1), sourced);
    push(vars, name, sourced);
  }

  /** Throws what was wrong, all of it. */
  check(): void {
    const [first] = this.mistakes;
    if (first) throw this.mistakes.length === 1 ? first : new XrunErrors(this.mistakes);
  }

  #expand(pattern: string, spot: Spot): [names: string[], port: number | undefined] {
    const [name, port] = splitPort(pattern);
    try {
      const names = expandRanges(name).map((one) => one.replace(/^\[(.*)\]$/, '$1'));
      const bad = names.map(badHostName).find((why) => why !== undefined);
      if (bad === undefined) return [names, port];
      this.wrong(bad, spot.at, 'Use letters, digits, _, -, . and :; the address can be in `xrun_host`.');
    } catch (error) {
      if (!(error instanceof BadRange)) throw error;
      this.wrong(error.message, spot.part?.(error.index, error.index + error.length) ?? spot.at);
    }
    return [[], undefined];
  }

  /** The prefix `xrun_` is ours, so that a slip in such a name is found. */
  checkName(name: string, at?: Position): void {
    if (!name.startsWith('xrun_') || isConnectionVariable(name)) return;
    const known = connectionVariables.map((variable) => `xrun_${variable.name}`);
    this.wrong(
      `there is no connection variable '${name}'`,
      at,
      didYouMean(name, known) ?? `Valid are ${known.join(', ')}.`,
    );
  }

  /** One host described twice in one file, each time differently, is most likely an error; a range and one of it is not. */
  #compare(host: string, name: string, before: Sourced | undefined, now: Sourced): void {
    if (!before?.at || before.at.file !== now.at?.file || before.origin !== now.origin) return;
    if (JSON.stringify(before.value) === JSON.stringify(now.value)) return;
    // A password is not quoted.
    const [first, second] = /pass(word|phrase)?$/.test(name)
      ? ['one', 'another']
      : [shown(before.value), shown(now.value)];
    const message = `duplicate host '${host}': ${name} is ${first} at line ${before.at.line} and ${second} here`;
    this.warnings.push(new XrunError('W_DUPLICATE_HOST', message, { at: now.at, hint: 'The last one counts.' }));
  }
}

/** E_INVENTORY. */
export function inventoryError(message: string, at?: Position, hint?: string, cause?: unknown): XrunError {
  return new XrunError('E_INVENTORY', message, {
    ...(at && { at }),
    ...(hint && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

/** `db:2222` and `[fd00::1]:2222`; an IPv6 address without brackets has no port. */
function splitPort(pattern: string): [name: string, port: number | undefined] {
  const outside = pattern.replaceAll(/\[[^\][]*\]/g, (brackets) => '_'.repeat(brackets.length));
  const [, name, port] = /^([^:]+):(\d{1,5})$/.exec(outside) ?? [];
  return name === undefined ? [pattern, undefined] : [pattern.slice(0, name.length), Number(port)];
}

function push(vars: Map<string, Sourced[]>, name: string, sourced: Sourced): void {
  const known = vars.get(name);
  if (known) known.push(sourced);
  else vars.set(name, [sourced]);
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? 'nothing';
}
