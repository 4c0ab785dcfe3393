import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Console } from '../../lab/console.ts';
import { cut, heal } from '../../lab/host.ts';
import type { LabHost, LabState } from '../../lab/state.ts';
import { stageOf } from './state.ts';
import type { Stage } from './state.ts';

/** Where a disturbance is done. */
export interface Scene {
  lab: LabState;
  host: LabHost;
  console: Console;
  xrun: ChildProcess;
}

/** What happens to a change that is right by itself, and what makes the host reachable again where the guard is not in charge of that. */
export interface Disturbance {
  how: string;
  strike(scene: Scene): Promise<void>;
  /** Before the host is judged. */
  mend?(scene: Scene): Promise<void>;
}

export const DISTURBANCES: readonly Disturbance[] = [
  { how: 'the controller is killed', strike: async ({ xrun }) => void xrun.kill('SIGKILL') },
  { how: 'the controller is told to end', strike: async ({ xrun }) => void xrun.kill('SIGTERM') },
  { how: 'the link is cut', strike: ({ lab, host }) => cut(lab, host), mend: ({ lab, host }) => heal(lab, host) },
  {
    how: 'sshd is stopped',
    strike: async ({ console }) => void (await console.run('systemctl stop ssh.service')),
    // Where the guard was not armed any more, or not yet, nobody else starts it.
    mend: async ({ console }) => void (await console.run('systemctl start ssh.service')),
  },
];

/** After which stage was first seen a disturbance strikes, and by how many milliseconds at most. */
export const MOMENTS: readonly { after: Stage; within: number }[] = [
  { after: 'nothing', within: 1500 },
  { after: 'saving', within: 400 },
  { after: 'armed', within: 150 },
  { after: 'applying', within: 800 },
  { after: 'applied', within: 1500 },
];

/** How one stage follows the other. */
export const ORDER: readonly Stage[] = ['nothing', 'saving', 'armed', 'applying', 'applied', 'ended'];

/** Waits for the moment; resolves with the stage that the change has come to, undefined where xrun ended before. */
export async function momentOf({ xrun, console }: Scene, after: Stage, ms: number): Promise<Stage | undefined> {
  const ended = () => xrun.exitCode !== null || xrun.signalCode !== null;
  while (!ended() && ORDER.indexOf(stageOf(console)) < ORDER.indexOf(after)) await sleep(5);
  await sleep(ms);
  return ended() ? undefined : stageOf(console);
}
