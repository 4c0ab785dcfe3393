import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { consoleOf } from '../../lab/console.ts';
import type { Console } from '../../lab/console.ts';
import { checkout } from '../../lab/paths.ts';
import type { LabHost, LabState } from '../../lab/state.ts';
import { DIR, PARTS, writeBook } from './lost-book.ts';
import type { Phase } from './lost-book.ts';
import { judge } from './lost-judge.ts';
import type { Judged } from './lost-judge.ts';
import type { Strike } from './lost-strike.ts';
import { Watch } from './watch.ts';
import type { Ran, Seen } from './watch.ts';

/** Hosts that are worked on by one run, and how. Times in seconds. */
export interface Crew {
  lab: LabState;
  hosts: readonly LabHost[];
  inventory: string;
  dir: string;
  /** Between signs of life; three may go unanswered. */
  alive: number;
  /** For connecting. */
  timeout: number;
  /** Beyond what is promised, on a machine that has much else to do. */
  slack: number;
}

/** When it strikes: a share of the time that a task takes undisturbed, counted from its begin. */
export interface Moment {
  part: string;
  share: number;
}

export interface Round {
  strike: Strike;
  moment: Moment;
  /** Places in the crew. */
  victims: readonly number[];
}

/** How long an undisturbed run took, and each task when it was last seen to end well; milliseconds. */
export interface Pace {
  all: number;
  parts: Map<string, number>;
}

export interface Verdict {
  /** What each struck host was in the middle of; undefined where the run was over before. */
  phase?: Phase | undefined;
  hung: boolean;
  struck: Judged[];
  /** What is wrong, in words. */
  why: string[];
  output: string;
}

/**
 * Seconds until a struck host's end must be told: a silent one misses its signs of life; then, or where it closed the
 * connection itself, a log-in is tried (a connection, a handshake, a shell, each within the timeout); and a job is
 * asked for until it must have ended.
 */
export const promised = ({ alive, timeout }: Pick<Crew, 'alive' | 'timeout'>, { limit = 0 }: Pick<Strike, 'limit'>) =>
  Math.max(alive * 4, limit + 4) + 3 * timeout + JOB;
/** Seconds: `async`, `poll` and five. */
const JOB = 16;

/** Runs the playbook without disturbing it. Throws where a host is not as it must be then. */
export async function measure(crew: Crew): Promise<Pace> {
  const began = Date.now();
  const { ran } = await work(crew, {}, 600, async () => undefined);
  const all = Date.now() - began;
  const judged = await Promise.all(
    crew.hosts.map(async (host) => judge({ host, console: await consoleOf(crew.lab, host), dir: crew.dir, ran })),
  );
  const why = judged.flatMap((each) => each.why);
  if (why.length > 0 || judged.some(({ end }) => end !== 'went on'))
    throw new Error(`an undisturbed run:\n${[...why, ran.output].join('\n')}`);
  const pace = { all, parts: new Map<string, number>() };
  keepUp(pace, ran);
  return pace;
}

/** The machine is faster and slower as others work on it. */
function keepUp({ parts }: Pace, { events }: Ran): void {
  for (const { type, task, item, status, duration_ms } of events)
    if (type === 'task_end' && item === undefined && (status === 'ok' || status === 'changed'))
      parts.set(task!, duration_ms!);
}

/** Runs the playbook, strikes, and judges every host by itself. */
export async function play(crew: Crew, round: Round, pace: Pace): Promise<Verdict> {
  const victims = round.victims.map((i) => crew.hosts[i]!);
  const { strike, moment } = round;
  const bound = promised(crew, strike);
  let phase: Phase | undefined;
  let struckAt = 0;
  let struck: Promise<unknown> = Promise.resolve();
  const { ran, hung } = await work(
    crew,
    strike,
    (pace.all * 3) / 1000 + bound + crew.slack,
    async (watch, over, consoles) => {
      if (!(await watch.until(({ type, task }) => type === 'task_start' && task === moment.part, over))) return;
      await sleep(moment.share * (pace.parts.get(moment.part) ?? 0));
      watch.look();
      if (over()) return;
      phase = phaseOf(watch.seen, victims[0]!.name);
      struckAt = Date.now();
      struck = Promise.all(
        victims.map((host) => strike.strike({ lab: crew.lab, host, console: consoles.get(host.name)! })),
      );
    },
  );
  await struck;
  keepUp(pace, ran);
  if (!phase) return { hung, struck: [], why: hung ? ['it was not even struck'] : [], output: ran.output };
  await Promise.all(
    victims.map(async (host) =>
      strike.mend?.({
        lab: crew.lab,
        host,
        console: strike.reboots ? (undefined as never) : await consoleOf(crew.lab, host),
      }),
    ),
  );
  const judged = await Promise.all(
    crew.hosts.map(async (host) => ({
      name: host.name,
      ...(await judge({
        host,
        console: await consoleOf(crew.lab, host),
        dir: crew.dir,
        ran,
        ...(victims.includes(host) && { strike, struckAt }),
      })),
    })),
  );
  const why = judged.flatMap((each) => each.why.map((line) => `${each.name}: ${line}`));
  if (hung) why.unshift(`xrun did not end within its ${Math.round(bound)} s and what is allowed beyond`);
  for (const { name, noticed } of judged)
    if (noticed !== undefined && noticed > bound + crew.slack)
      why.push(`${name}: noticed after ${noticed.toFixed(1)} s only`);
  const bad = judged.some(({ end }) => end !== 'went on');
  if (!hung && ran.code !== (bad ? 1 : 0)) why.push(`exit code ${ran.code}`);
  return {
    phase,
    hung,
    struck: judged.filter(({ name }) => victims.some((host) => host.name === name)),
    why,
    output: ran.output,
  };
}

/** One run of xrun on hosts that are made ready; `meanwhile` is awaited. It is killed where it takes longer than `patience`. */
async function work(
  crew: Crew,
  { limit = 0, reboots }: Pick<Strike, 'limit' | 'reboots'>,
  patience: number,
  meanwhile: (watch: Watch, over: () => boolean, consoles: Map<string, Console>) => Promise<void>,
): Promise<{ ran: Ran; hung: boolean }> {
  const { dir, hosts, inventory } = crew;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const [book, config, events] = [await writeBook(dir, limit), join(dir, 'ssh_config'), join(dir, 'events')];
  await writeFile(config, `Host *\n  ServerAliveInterval ${crew.alive}\n  ServerAliveCountMax 3\n`);
  const consoles = new Map(
    await Promise.all(hosts.map(async (host) => [host.name, await ready(crew.lab, host, reboots)] as const)),
  );
  const options = [
    '-i',
    inventory,
    '-l',
    hosts.map(({ name }) => name).join(','),
    '-e',
    'xrun_user=ops',
    '--ssh-config',
    config,
    '--timeout',
    String(crew.timeout),
    '-o',
    'plain',
    '--jsonl',
    events,
  ];
  const xrun = spawn(process.execPath, [join(checkout, 'bin/xrun.js'), book, ...options], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, hung, over] = ['', false, false];
  for (const stream of [xrun.stdout, xrun.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => xrun.on('close', resolve)).finally(() => (over = true));
  const timer = setTimeout(() => (hung = xrun.kill('SIGKILL')), patience * 1000);
  const watch = new Watch(events);
  await meanwhile(watch, () => over, consoles);
  const ending = watch.until(
    () => false,
    () => over,
  );
  const code = await ended;
  await ending;
  clearTimeout(timer);
  watch.close();
  return { ran: { code, output, events: watch.seen }, hung };
}

/** A host as it is to be before each run. Files are in memory where they need not outlive it: others may keep the disk busy. */
async function ready(lab: LabState, host: LabHost, reboots = false): Promise<Console> {
  const console = await consoleOf(lab, host);
  const mount = reboots ? '' : `mount -t tmpfs lost ${DIR};`;
  await console.run(
    `umount ${DIR}; rm -rf ${DIR} ~ops/.xrun ~root/.xrun; mkdir ${DIR}; ${mount} echo old >${DIR}/kept; chown -R ops: ${DIR}`,
  );
  return console;
}

/** What a host is in the middle of, by the last that was told of it. */
function phaseOf(seen: readonly Seen[], name: string): Phase {
  const last = seen.findLast(
    ({ type, host, item }) => host === name && item === undefined && ['host_start', 'task_end'].includes(type),
  );
  if (last?.type !== 'host_start') return 'between';
  return PARTS.find((part) => part.name === last.task)!.phase;
}
