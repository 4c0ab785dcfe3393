/** npm run soak:guarded: guarded changes that lose their host, again and again; every host must come back. One table. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { whole } from '../../runner/cli/options/option-values.ts';
import { markdown, shown } from '../../bench/markdown.ts';
import { spread } from '../../bench/statistics.ts';
import { consoleOf } from '../../lab/console.ts';
import { removeDisk } from '../../lab/disk.ts';
import { pullPlug } from '../../lab/host.ts';
import { bringUp, down, up } from '../../lab/lab.ts';
import { numbersFrom } from '../fuzz/inputs.ts';
import { BLOCKS, uplinkChanges } from './changes.ts';
import type { Change } from './changes.ts';
import { DISTURBANCES, MOMENTS, ORDER } from './disturbance.ts';
import { perform, play } from './round.ts';
import type { Round, Stand, Verdict } from './round.ts';
import { differences, stateOf } from './state.ts';

const options = new Command('soak:guarded')
  .description(
    'Guarded changes that lose their host, and changes that are disturbed at any moment; every host must be as before, or wholly changed',
  )
  .addOption(new Option('--rounds <n>', 'how many').argParser(whole).default(100))
  .addOption(new Option('--hosts <n>', 'of the lab').argParser(whole).default(4))
  .addOption(new Option('--at-a-time <n>', 'how many of them are worked on at a time').argParser(whole).default(4))
  .addOption(new Option('--timeout <seconds>', "of the guard's timer").argParser(whole).default(8))
  .addOption(new Option('--slack <seconds>', 'that may pass beyond it').argParser(whole).default(10))
  .addOption(new Option('--seed <n>', 'the same moments again').argParser(whole).default(Date.now() % 1_000_000))
  .addOption(new Option('--only <text>', 'kinds whose name holds this').default(''))
  .option('--no-systemd-run', 'take systemd-run away from the hosts, so that detached shells keep the time')
  .addOption(
    new Option('--playbook <name>', 'of one that moves the uplink, instead of blocks made up for this').choices([
      'br0-bridge',
      'ovs-gre',
      'ovs-vxlan',
    ]),
  )
  .option('--take-down', 'with state=absent')
  .addOption(
    new Option('--network <system>', 'what the hosts keep their addresses with')
      .choices(['networkd', 'ifupdown'])
      .default('networkd'),
  )
  .addOption(new Option('--name <name>', 'name of the lab').default('soak'))
  .parse()
  .opts<{
    rounds: number;
    hosts: number;
    atATime: number;
    timeout: number;
    slack: number;
    seed: number;
    only: string;
    systemdRun: boolean;
    playbook?: Parameters<typeof uplinkChanges>[0];
    takeDown?: boolean;
    network: 'networkd' | 'ifupdown';
    name: string;
  }>();
const changes = options.playbook ? uplinkChanges(options.playbook, options.takeDown ?? false) : BLOCKS;

const random = numbersFrom(options.seed);

interface Kind {
  name: string;
  round(): Omit<Round, 'timeout' | 'slack'>;
}
const kinds: Kind[] = [
  ...changes.wrong.map((change) => ({ name: change.how, round: () => ({ change, after: 'nothing' as const, ms: 0 }) })),
  ...changes.right.flatMap((change) =>
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
await down(options.name); // an earlier soak may have been stopped midway
const lab = await up({ name: options.name, hosts: options.hosts, network: options.network, inventory }, say);
const plan = Array.from({ length: options.rounds }, (_, i) => kinds[i % kinds.length]!).map((kind, i) => ({
  i,
  kind,
  round: { ...kind.round(), timeout: options.timeout, slack: options.slack },
}));
const ends = new Map<string, Verdict[]>(kinds.map(({ name }) => [name, []]));

/** A host as it is to be before each round, and after each change that is right. */
async function standOf(host: (typeof lab.hosts)[number]): Promise<Stand> {
  const console = await consoleOf(lab, host);
  await console.run(
    `rm -rf /run/xrun-*; ${options.systemdRun ? 'cd /usr/bin; [ ! -e systemd-run.away ] || mv systemd-run.away systemd-run' : 'cd /usr/bin; [ ! -e systemd-run ] || mv systemd-run systemd-run.away'}`,
  );
  const stand: Stand = {
    lab,
    host,
    console,
    dir: join(dir, host.name),
    inventory,
    before: [],
    kept: new Map(),
    aside: changes.aside,
  };
  if (changes.before) await keep(stand, changes.before);
  stand.before = await stateOf(console, changes.aside);
  for (const change of changes.right.filter(({ how }) => kinds.some(({ name }) => name.includes(how)))) {
    const kept = await keep(stand, change);
    await undo(stand, change.undo);
    stand.kept.set(change.how, kept);
  }
  return stand;
}

/** Does a change that is right, and resolves with what the host is then. */
async function keep(stand: Stand, change: Change): Promise<string[]> {
  const { output } = await perform(stand, { change, after: 'nothing', ms: 0, timeout: 60, slack: options.slack });
  if (!output.includes('confirmed over a fresh log-in'))
    throw new Error(`${stand.host.name}: ${change.how}, which is right, was not kept:\n${output}`);
  return stateOf(stand.console, changes.aside);
}

async function undo(stand: Stand, by: string | Change): Promise<void> {
  if (typeof by === 'string') await stand.console.run(by);
  else await keep(stand, by);
  let now: string[] = [];
  for (let tries = 0; tries < 50; tries++) {
    now = await stateOf(stand.console, changes.aside);
    if (differences(stand.before, now).length === 0) return;
    await stand.console.run('sleep 0.2');
  }
  throw new Error(
    `not as before after: ${typeof by === 'string' ? by : by.how}\n${differences(stand.before, now).join('\n')}`,
  );
}

async function work(host: (typeof lab.hosts)[number]): Promise<void> {
  let stand = await standOf(host);
  say(`${host.name} is ready`);
  for (let next = plan.shift(); next; next = plan.shift()) {
    const { i, kind, round } = next;
    const verdict = await play(stand, round);
    ends.get(kind.name)!.push(verdict);
    const moment = round.disturbance
      ? `, ${round.ms} ms after '${round.after}', at '${verdict.stage ?? 'the end'}'`
      : '';
    say(
      `${i + 1} ${host.name}: ${kind.name}${moment}: ${verdict.end}${verdict.took ? ` after ${verdict.took.toFixed(1)} s` : ''}`,
    );
    if (verdict.end === 'applied') await undo(stand, round.change.undo!);
    if (verdict.end === 'lost') {
      say(
        [
          ...verdict.why,
          verdict.output,
          (await stand.console.run('tail -n 30 /run/xrun-guard-*/*log /run/xrun-guard-*/state')).stdout,
        ].join('\n'),
      );
      await pullPlug(lab, host);
      await removeDisk(lab, host);
      await bringUp(lab, host, say);
      stand = await standOf(host);
    }
    await stand.console.run('rm -rf /run/xrun-*');
  }
}

await Promise.all(lab.hosts.slice(0, options.atATime).map(work));
await Promise.all([down(options.name), rm(dir, { recursive: true, force: true })]);
const ENDS = ['back', 'applied', 'late', 'lost'] as const;
const count = (all: Verdict[], end: Verdict['end']) => String(all.filter((one) => one.end === end).length);
const rows = [...ends]
  .filter(([, all]) => all.length > 0)
  .map(([name, all]) => [name, String(all.length), ...ENDS.map((end) => count(all, end))]);
const total = [...ends.values()].flat();
process.stdout.write(
  markdown(['', 'rounds', ...ENDS], [...rows, ['all', String(total.length), ...ENDS.map((end) => count(total, end))]]),
);
const times = total.flatMap(({ took }) => took ?? []);
if (times.length > 0)
  process.stdout.write(`taken back after ${shown(spread(times))} s with a timer of ${options.timeout} s\n`);
const struck = ORDER.map((stage) => `${stage} ${total.filter((one) => one.stage === stage).length}`);
process.stdout.write(`disturbed at: ${struck.join(', ')}; seed ${options.seed}\n`);
if (total.some(({ end }) => end === 'lost' || end === 'late')) process.exitCode = 1;
