import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Console } from '../../lab/console.ts';
import { cut, heal } from '../../lab/host.ts';
import type { LabHost, LabState } from '../../lab/state.ts';
import { stageOf } from './state.ts';
import type { Stage } from './state.ts';

/** A host of a lab, and its console, which lives on when the host is lost. */
export interface Place {
  lab: LabState;
  host: LabHost;
  console: Console;
}

/** Where a disturbance is done. */
export interface Scene extends Place {
  xrun: ChildProcess;
}

/** What happens to a run, and what makes the host one that can be logged in to again where nobody else does. */
export interface Disturbance<Where = Scene> {
  how: string;
  strike(where: Where): Promise<unknown>;
  /** Before the host is judged. */
  mend?(where: Where): Promise<unknown>;
}

export const DISTURBANCES: readonly Disturbance[] = [
  { how: 'the controller is killed', strike: async ({ xrun }) => xrun.kill('SIGKILL') },
  { how: 'the controller is told to end', strike: async ({ xrun }) => xrun.kill('SIGTERM') },
  { how: 'the link is cut', strike: ({ lab, host }) => cut(lab, host), mend: ({ lab, host }) => heal(lab, host) },
  {
    how: 'sshd is stopped',
    strike: ({ console }) => console.run('systemctl stop ssh.service'),
    // Where the guard was not armed any more, or not yet, nobody else starts it.
    mend: ({ console }) => console.run('systemctl start ssh.service'),
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
