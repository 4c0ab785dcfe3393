import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, type CommandResult } from './command.ts';
import { LabError } from './error.ts';
import { hostDir } from './paths.ts';
import type { LabHost, LabState } from './state.ts';

/** A running host past its network: as long as it has power, this works. */
export interface Console {
  /** Its file system, as the machine sees it. */
  readonly root: string;
  /** Runs a shell command line inside as root; resolves whatever its exit code. */
  run(command: string): Promise<CommandResult>;
}

/** The console of a host that is on; it ends with the host's next power cycle. Throws LabError where the host is off, or has a kernel of its own. */
export async function consoleOf(state: LabState, host: LabHost): Promise<Console> {
  if (state.kernel === 'uml') throw new LabError(`${host.name} has a kernel of its own: only its network leads in`);
  const supervisor = (
    await readFile(join(hostDir(state.name, host.name), 'supervisor.pid'), 'utf8').catch(() => '')
  ).split(' ')[0];
  const init = supervisor && (await initBelow(supervisor));
  if (!init) throw new LabError(`${host.name} is off`);
  return {
    root: `/proc/${init}/root`,
    run: (command) =>
      attempt(['nsenter', '--target', init, '--all', '--', '/bin/sh', '-c', `cd /; ${command}`], {
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      }),
  };
}

/** The process, among those that came of `pid`, that is number 1 of a namespace of its own. */
async function initBelow(pid: string): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  if (/^NSpid:\t.*\t1$/m.test(status)) return pid;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  for (const child of children.split(' ').filter(Boolean)) {
    const found = await initBelow(child);
    if (found) return found;
  }
  return undefined;
}
