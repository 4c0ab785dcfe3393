import { spawn } from 'node:child_process';
import { createWriteStream, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from '../../lab/paths.ts';
import { execute } from '../../lab/ssh.ts';
import type { Change } from './changes.ts';
import { momentOf } from './disturbance.ts';
import type { Disturbance, Place } from './disturbance.ts';
import { differences, stageOf, stateOf } from './state.ts';
import type { Stage } from './state.ts';

/** A change, what is done to it from outside, and when: so many milliseconds after it came to a stage. */
export interface Round {
  change: Change & { undo?: string | Change };
  disturbance?: Disturbance;
  after: Stage;
  ms: number;
  /** Seconds of the guard's timer. */
  timeout: number;
  /** Seconds beyond that in which a guard must have ended, by the host's own account. */
  slack: number;
}

/** Where rounds are played: a host, and how it is before them and after each change that is right. */
export interface Stand extends Place {
  dir: string;
  inventory: string;
  before: readonly string[];
  kept: Map<string, readonly string[]>;
  /** Lines of its state that do not count. */
  aside: RegExp | undefined;
}

/** `back`: all is as before; `late`: so it is, but not in time; `applied`: all of the change, and no guard any more; `lost`: anything else. */
export interface Verdict {
  end: 'back' | 'late' | 'applied' | 'lost';
  /** How far the change was when it was disturbed. */
  stage?: Stage | undefined;
  /** Seconds from the arming until all was taken back. */
  took?: number | undefined;
  /** For `lost`: lines that should be, or should not. */
  why: string[];
  output: string;
}

/** Seconds beyond the timer for which an end is waited for at all, on a machine that has much else to do. */
const PATIENCE = 120;

/** What one change came to, before the host is judged. */
interface Performed {
  settled: boolean;
  stage: Stage | undefined;
  output: string;
}

/** Runs one change under a guard, and disturbs it. */
export async function perform(stand: Stand, round: Round): Promise<Performed> {
  await mkdir(stand.dir, { recursive: true });
  const [book, log] = [join(stand.dir, 'site.yml'), join(stand.dir, 'output')];
  await writeFile(book, round.change.playbook(stand.host.name, round.timeout));
  const xrun = spawn(process.execPath, [join(checkout, 'bin/xrun.js'), book, '-i', stand.inventory], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = createWriteStream(log);
  xrun.stdout.pipe(output, { end: false });
  xrun.stderr.pipe(output, { end: false });
  const ended = new Promise((resolve) => xrun.on('close', resolve));
  const scene = { ...stand, xrun };
  const stage = round.disturbance && (await momentOf(scene, round.after, round.ms));
  if (stage) await round.disturbance?.strike(scene);
  const settled = await settle(stand, ended, round.timeout);
  await new Promise<void>((done) => output.end(done));
  // What was taken back must be so without help; else nobody has to undo what was done from outside.
  const takenBack = stageOf(stand.console) === 'ended';
  if (stage && (!takenBack || round.disturbance?.how.includes('link'))) await round.disturbance?.mend?.(scene);
  return { settled, stage, output: await readFile(log, 'utf8') };
}

/** The same, and judges the host by itself. */
export async function play(stand: Stand, round: Round): Promise<Verdict> {
  const { settled, stage, output } = await perform(stand, round);
  const verdict = await judge(stand, round);
  if (!settled) verdict.why.unshift(`the guard has not ended ${PATIENCE} s after its timer`);
  if (verdict.why.length > 0) verdict.end = 'lost';
  const took = tookOf(stand);
  if (verdict.end === 'back' && took !== undefined && took > round.timeout + round.slack) verdict.end = 'late';
  return { ...verdict, stage, took, output };
}

/** From the arming to the end of the rollback, by the host's files; undefined where nothing was taken back. */
function tookOf({ console: { root } }: Stand): number | undefined {
  const guard = readdirSync(join(root, 'run')).find((name) => name.startsWith('xrun-guard-'));
  const at = (name: string) => statSync(join(root, 'run', guard!, name), { throwIfNoEntry: false })?.mtimeMs;
  const [armed, ended] = guard ? [at('until'), at('state')] : [];
  return armed && ended ? (ended - armed) / 1000 : undefined;
}

/** Waits for the guard, and then for xrun, to end. Resolves with whether the guard did in time. */
async function settle({ console }: Stand, ended: Promise<unknown>, timeout: number): Promise<boolean> {
  let over = false;
  const seen = ended.then(() => (over = true));
  const alive = async () => {
    const { stdout } = await console.run(
      "systemctl list-units --all --no-legend --plain 'xrun-guard-*' 'xrun-apply-*' 'xrun-back-*'; ps -eo args= | grep -e '[/]run/xrun-guard' -e '[a]pply.sh' -e '[r]ollback.sh'",
    );
    return stdout.trim() !== '' || ['armed', 'applying', 'applied'].includes(stageOf(console));
  };
  let armed: number | undefined;
  const late = () => Date.now() > (armed ?? Date.now()) + (timeout + PATIENCE) * 1000;
  // A run that is still saving has not begun; it will end by itself.
  while (!late() && (!over || (await alive()))) {
    if (!['nothing', 'saving'].includes(stageOf(console))) armed ??= Date.now();
    await sleep(100);
  }
  const intime = !(await alive());
  await Promise.race([seen, sleep(60_000)]);
  return intime;
}

/** The host may take a moment until what was plugged in again is as it was. */
async function judge(stand: Stand, { change }: Round): Promise<{ end: Verdict['end']; why: string[] }> {
  const kept = stand.kept.get(change.how);
  let why: string[] = [];
  for (let tries = 0; tries < 12; tries++) {
    const now = await stateOf(stand.console, stand.aside);
    if (kept && differences(kept, now).length === 0) return { end: 'applied', why: [] };
    why = differences(stand.before, now);
    if (why.length === 0) {
      const login = await execute(stand.lab.name, stand.host, 'true');
      if (login.code === 0) return { end: 'back', why: [] };
      why = [`log-in: ${login.stderr.trim()}`];
    }
    await sleep(500);
  }
  return { end: 'lost', why };
}
