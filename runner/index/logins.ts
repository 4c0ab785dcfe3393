import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Loaded } from '../engine/run.ts';
import type { RunOptions } from '../engine/options.ts';
import { XrunError, XrunErrors } from '../errors.ts';
import { expandLimit, selectHosts } from '../inventory/select.ts';
import { loginFaults, targetOf } from '../inventory/target.ts';
import { patternOf } from './hosts.ts';
import { inOrder } from '../playbook/problems.ts';
import { nodesOf } from '../playbook/nodes.ts';
import type { Play } from '../playbook/types.ts';
import type { Target } from '../transport/transport.ts';

/** What of a run's options says who is logged in to, and how. */
type LoginOptions = Pick<RunOptions, 'connection' | 'cwd' | 'limit'>;

/** Throws E_CONNECTION, at its place, for each variable by which a host of this run cannot be logged in to. */
export function checkLogins(loaded: Loaded, options: LoginOptions): void {
  const become = loaded.playbooks.some(({ plays }) => plays.some(becomes));
  const cli = { ...options.connection, cwd: options.cwd };
  const faults = hostsOf(loaded, options).flatMap((host) => loginFaults(host, loaded.vars.scopeFor(host), cli, become));
  throwAll(inOrder(faults));
}

/**
 * Throws E_KEY_FILE, at the place that names it, for each private key that cannot be read and that a host of this run
 * would be logged in to with. Whether what is in a file is a key is found out at login: it may need a passphrase.
 */
export async function checkKeyFiles(loaded: Loaded, options: LoginOptions): Promise<void> {
  const errors = new Map<string, XrunError>();
  for (const host of hostsOf(loaded, options)) {
    const login = loginOf(host, loaded, options);
    const path = login?.connection === 'ssh' ? login.privateKeyFile : undefined;
    if (path === undefined || errors.has(path)) continue;
    const fault = await access(path, constants.R_OK).then(() => undefined, (error: Error) => error);
    if (!fault) continue;
    const at = loaded.vars.scopeFor(host).candidates('xrun_private_key_file').at(-1)?.at;
    errors.set(path, new XrunError('E_KEY_FILE', `cannot read the private key ${path}: ${fault.message}`, { cause: fault, ...(at && { at }) }));
  }
  throwAll([...errors.values()]);
}

function becomes(play: Play): boolean {
  return play.become !== undefined || [...nodesOf(play)].some(({ become }) => become !== undefined);
}

function throwAll(errors: readonly XrunError[]): void {
  const [first, ...others] = errors;
  if (first) throw others.length ? new XrunErrors([first, ...others]) : first;
}

/** Hosts that the run may come to: a pattern that only the run can tell may mean any. */
function hostsOf(loaded: Loaded, options: LoginOptions): string[] {
  const { playbooks, inventory } = loaded;
  const limit = options.limit === undefined ? undefined : new Set(selectHosts(expandLimit(options.limit, options.cwd), inventory));
  const patterns = playbooks.flatMap(({ plays }) => plays.map((play) => patternOf(play, loaded) ?? 'all'));
  const chosen = new Set(patterns.flatMap((pattern) => matching(pattern, inventory)));
  return [...chosen].filter((host) => !limit || limit.has(host));
}

/** A group that a task has yet to make has no hosts here. */
function matching(pattern: string, inventory: Loaded['inventory']): string[] {
  try {
    return selectHosts(pattern, inventory, { allowEmpty: true });
  } catch {
    return [];
  }
}

function loginOf(host: string, { vars }: Loaded, { connection, cwd }: LoginOptions): Target | undefined {
  try {
    return targetOf(host, vars.scopeFor(host), { ...connection, cwd });
  } catch {
    // What can be told before the run has been.
    return undefined;
  }
}
