/** npm run soak:guarded: guarded changes that lose their host, again and again; every host must come back. One table. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { markdown, shown } from '../../bench/markdown.ts';
import { spread } from '../../bench/statistics.ts';
import { consoleOf } from '../../lab/console.ts';
import { removeDisk } from '../../lab/disk.ts';
import { pullPlug } from '../../lab/host.ts';
import { bringUp, up } from '../../lab/lab.ts';
import { numbersFrom } from '../fuzz/inputs.ts';
import { RIGHT, SABOTAGE } from '../support/sabotage.ts';
import { DISTURBANCES, MOMENTS, ORDER } from './disturbance.ts';
import { play } from './round.ts';
import type { Round, Stand, Verdict } from './round.ts';
import { stateOf } from './state.ts';

const number = (text: string) => {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, 1 or more.');
};
const options = new Command('soak:guarded')
  .description('Guarded changes that lose their host, and changes that are disturbed at any moment; every host must be as before, or wholly changed')
  .addOption(new Option('--rounds <n>', 'how many').argParser(number).default(100))
  .addOption(new Option('--hosts <n>', 'of the lab').argParser(number).default(4))
  .addOption(new Option('--at-a-time <n>', 'how many of them are worked on at a time').argParser(number).default(4))
  .addOption(new Option('--timeout <seconds>', "of the guard's timer").argParser(number).default(8))
  .addOption(new Option('--slack <seconds>', 'that may pass beyond it').argParser(number).default(10))
  .addOption(new Option('--seed <n>', 'the same moments again').argParser(number).default(Date.now() % 1_000_000))
  .addOption(new Option('--only <text>', 'kinds whose name holds this').default(''))
  .option('--no-systemd-run', 'take systemd-run away from the hosts, so that detached shells keep the time')
  .addOption(new Option('--name <name>', 'name of the lab').default('soak'))
  .parse()
  .opts<{ rounds: number; hosts: number; atATime: number; timeout: number; slack: number; seed: number; only: string; systemdRun: boolean; name: string }>();

const random = numbersFrom(options.seed);

interface Kind {
  name: string;
  round(): Omit<Round, 'timeout' | 'slack'>;
}
const kinds: Kind[] = [
  ...SABOTAGE.map((change) => ({ name: change.how, round: () => ({ change, after: 'nothing' as const, ms: 0 }) })),
  ...RIGHT.flatMap((change) =>
    DISTURBANCES.map((disturbance) => ({
      name: `${disturbance.how} (${change.how})`,
      round: () => {
        const { after, within } = MOMENTS[Math.floor(random() * MOMENTS.length)]!;
        return { change, disturbance, after, ms: Math.floor(random() * within) };
      },
    })),
  ),
].filter(({ name }) => name.includes(options.only));

const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`seed ${options.seed}`);
const dir = await mkdtemp(join(tmpdir(), 'xrun-soak-'));
const inventory = join(dir, 'inventory.yml');
const lab = await up({ name: options.name, hosts: options.hosts, inventory }, say);
const plan = Array.from({ length: options.rounds }, (_, i) => ({ i, kind: kinds[i % kinds.length]! })).map(({ i, kind }) => ({ i, kind, round: { ...kind.round(), timeout: options.timeout, slack: options.slack } }));
const ends = new Map<string, Verdict[]>(kinds.map(({ name }) => [name, []]));

/** A host as it is to be before each round, and after each change that is right. */
async function standOf(host: (typeof lab.hosts)[number]): Promise<Stand> {
  const console = await consoleOf(lab, host);
  await console.run(`rm -rf /run/xrun-*; ${options.systemdRun ? 'cd /usr/bin; [ ! -e systemd-run.away ] || mv systemd-run.away systemd-run' : 'cd /usr/bin; [ ! -e systemd-run ] || mv systemd-run systemd-run.away'}`);
  const stand: Stand = { lab, host, console, dir: join(dir, host.name), inventory, before: await stateOf(console), kept: new Map() };
  for (const change of RIGHT) {
    const { output } = await play(stand, { change, after: 'nothing', ms: 0, timeout: 60, slack: options.slack });
    const kept = await stateOf(console);
    await undo(stand, change.undo);
    if (!output.includes('confirmed over a fresh log-in')) throw new Error(`${host.name}: ${change.how}, which is right, was not kept:\n${output}`);
    stand.kept.set(change.how, kept);
  }
  return stand;
}

async function undo({ console, before }: Stand, by: string): Promise<void> {
  await console.run(by);
  for (let tries = 0; tries < 50; tries++) {
    if ((await stateOf(console)).join('\n') === before.join('\n')) return;
    await console.run('sleep 0.2');
  }
  throw new Error(`not as before after: ${by}`);
}

async function work(host: (typeof lab.hosts)[number]): Promise<void> {
  let stand = await standOf(host);
  for (let next = plan.shift(); next; next = plan.shift()) {
    const { i, kind, round } = next;
    const verdict = await play(stand, round);
    ends.get(kind.name)!.push(verdict);
    const moment = round.disturbance ? `, ${round.ms} ms after '${round.after}', at '${verdict.stage ?? 'the end'}'` : '';
    say(`${i + 1} ${host.name}: ${kind.name}${moment}: ${verdict.end}${verdict.took ? ` after ${verdict.took.toFixed(1)} s` : ''}`);
    if (verdict.end === 'applied') await undo(stand, round.change.undo ?? '');
    if (verdict.end === 'lost') {
      say([...verdict.why, verdict.output, (await stand.console.run('tail -n 30 /run/xrun-guard-*/*log /run/xrun-guard-*/state')).stdout].join('\n'));
      await pullPlug(lab, host);
      await removeDisk(lab, host);
      await bringUp(lab, host, say);
      stand = await standOf(host);
    }
    await stand.console.run('rm -rf /run/xrun-*');
  }
}

await Promise.all(lab.hosts.slice(0, options.atATime).map(work));
await rm(dir, { recursive: true, force: true });
const ENDS = ['back', 'applied', 'late', 'lost'] as const;
const count = (all: Verdict[], end: Verdict['end']) => String(all.filter((one) => one.end === end).length);
const rows = [...ends].filter(([, all]) => all.length > 0).map(([name, all]) => [name, String(all.length), ...ENDS.map((end) => count(all, end))]);
const total = [...ends.values()].flat();
process.stdout.write(markdown(['', 'rounds', ...ENDS], [...rows, ['all', String(total.length), ...ENDS.map((end) => count(total, end))]]));
const times = total.flatMap(({ took }) => took ?? []);
if (times.length > 0) process.stdout.write(`taken back after ${shown(spread(times))} s with a timer of ${options.timeout} s\n`);
const struck = ORDER.map((stage) => `${stage} ${total.filter((one) => one.stage === stage).length}`);
process.stdout.write(`disturbed at: ${struck.join(', ')}; seed ${options.seed}\n`);
if (total.some(({ end }) => end === 'lost' || end === 'late')) process.exitCode = 1;
