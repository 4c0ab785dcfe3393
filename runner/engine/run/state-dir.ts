import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What a run needs to know to find where its state is kept. */
export interface StateRequest {
  cwd: string;
  /** Paths relative to `cwd`; none for `xrun exec`. */
  playbooks?: readonly string[];
  /** The controller's environment. */
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The directories that a run may keep its state in, the preferred one first, absolute: `XRUN_STATE_DIR` alone where it is
 * set; otherwise `.xrun` beside the first playbook (without one: in the working directory), then `xrun` below
 * `XDG_STATE_HOME` (XDG Base Directory Specification), for playbooks in directories that are read-only.
 */
export function stateDirectories({ cwd, playbooks = [], env = {} }: StateRequest): string[] {
  if (env.XRUN_STATE_DIR) return [resolve(cwd, env.XRUN_STATE_DIR)];
  const beside = resolve(cwd, playbooks[0] === undefined ? '.' : dirname(playbooks[0]));
  // The specification has relative paths ignored.
  const xdg = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : join(env.HOME || homedir(), '.local', 'state');
  return [join(beside, '.xrun'), join(xdg, 'xrun')];
}

/** A directory for state, which only the user can read and which git leaves alone. Rejects where it cannot be made. */
export async function makeStateDirectory(directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (made !== undefined) await writeFile(join(directory, '.gitignore'), '*\n').catch(() => undefined);
}
