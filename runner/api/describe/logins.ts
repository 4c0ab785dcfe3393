import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Loaded } from '../../engine/run/run.ts';
import type { RunOptions } from '../../model/options/options.ts';
import { XrunError, XrunErrors } from '../../diagnostics/errors.ts';
import { expandLimit, selectHosts } from '../../inventory/selection/select.ts';
import { loginFaults, targetOf } from '../../inventory/login/target.ts';
import { hostsOfRun } from '../hosts.ts';
import { inOrder } from '../../diagnostics/problems.ts';
import { nodesOf } from '../../playbook/nodes.ts';
import type { Play } from '../../model/playbook.ts';
import type { Target } from '../../model/transport/transport.ts';

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
    const fault = await access(path, constants.R_OK).then(
      () => undefined,
      (error: Error) => error,
    );
    if (!fault) continue;
    const at = loaded.vars.scopeFor(host).candidates('xrun_private_key_file').at(-1)?.at;
    errors.set(
      path,
      new XrunError('E_KEY_FILE', `cannot read the private key ${path}: ${fault.message}`, {
        cause: fault,
        ...(at && { at }),
      }),
    );
  }
  throwAll([...errors.values()]);
}

function becomes(play: Play): boolean {
  return play.become !== undefined || [...nodesOf(play)].some(({ become }) => become !== undefined);
}

/** Throws E_HOSTS for a wrong `--limit`. */
function hostsOf(loaded: Loaded, options: LoginOptions): string[] {
  if (options.limit !== undefined) selectHosts(expandLimit(options.limit, options.cwd), loaded.inventory);
  return hostsOfRun(
    loaded.playbooks.flatMap(({ plays }) => plays),
    loaded,
    options,
  );
}

function throwAll(errors: readonly XrunError[]): void {
  const [first, ...others] = errors;
  if (first) throw others.length ? new XrunErrors([first, ...others]) : first;
}

function loginOf(host: string, { vars }: Loaded, { connection, cwd }: LoginOptions): Target | undefined {
  try {
    return targetOf(host, vars.scopeFor(host), { ...connection, cwd });
  } catch {
    // What can be reported before the run has been.
    return undefined;
  }
}
