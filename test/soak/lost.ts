/** npm run soak:lost: hosts that are lost at any moment of a run; no run may hang, and nothing may be told that is not so. One table. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { whole } from '../../runner/cli/options/option-values.ts';
import { markdown, shown } from '../../bench/markdown.ts';
import { spread } from '../../bench/statistics.ts';
import { down, up } from '../../lab/lab.ts';
import { removeDisk } from '../../lab/disk.ts';
import { pullPlug } from '../../lab/host.ts';
import { numbersFrom } from '../fuzz/inputs.ts';
import { PARTS, PHASES } from './lost-book.ts';
import { measure, play, promised } from './lost-round.ts';
import type { Crew, Round, Verdict } from './lost-round.ts';
import { boot, STRIKES } from './lost-strike.ts';

const options = new Command('soak:lost')
  .description(
    'Runs whose hosts are cut off, killed, stopped or frozen at any moment; each host is asked afterwards whether what was told is so',
  )
  .addOption(new Option('--rounds <n>', 'how many').argParser(whole).default(100))
  .addOption(new Option('--hosts <n>', 'of the lab').argParser(whole).default(4))
  .addOption(
    new Option('--at-a-time <n>', 'hosts of one run; the others are worked on by runs of their own')
      .argParser(whole)
      .default(2),
  )
  .addOption(
    new Option('--alive <seconds>', 'between signs of life (ServerAliveInterval); xrun itself takes 10')
      .argParser(whole)
      .default(3),
  )
  .addOption(new Option('--timeout <seconds>', 'for connecting; xrun itself takes 10').argParser(whole).default(5))
  .addOption(new Option('--slack <seconds>', 'that may pass beyond what is promised').argParser(whole).default(15))
  .addOption(new Option('--seed <n>', 'the same moments again').argParser(whole).default(Date.now() % 1_000_000))
  .addOption(new Option('--only <text>', 'strikes whose name holds this').default(''))
  .addOption(new Option('--name <name>', 'name of the lab').default('soak-lost'))
  .parse()
  .opts<{
    rounds: number;
    hosts: number;
    atATime: number;
    alive: number;
    timeout: number;
    slack: number;
    seed: number;
    only: string;
    name: string;
  }>();

const random = numbersFrom(options.seed);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const strikes = STRIKES.filter(({ how }) => how.includes(options.only));

/** Every strike as often, every phase as likely; one host more often than all. */
function draw(i: number): Round {
  const phase = pick(PHASES);
  const moment = { part: pick(PARTS.filter((part) => part.phase === phase)).name, share: random() };
  const all = Array.from({ length: options.atATime }, (_, at) => at);
  const one = [pick(all)];
  return { strike: strikes[i % strikes.length]!, moment, victims: random() < 0.4 ? all : one };
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`seed ${options.seed}`);
const dir = await mkdtemp(join(tmpdir(), 'xrun-soak-'));
const inventory = join(dir, 'inventory.yml');
await down(options.name); // an earlier soak may have been stopped midway
const lab = await up({ name: options.name, hosts: options.hosts, inventory }, say);
const plan = Array.from({ length: options.rounds }, (_, i) => ({ i, round: draw(i) }));
const ends = new Map<string, Verdict[]>(strikes.map(({ how }) => [how, []]));

process.once('SIGINT', () => plan.splice(0)); // what has begun is played to its end, and told

async function work(hosts: Crew['hosts']): Promise<void> {
  const { alive, timeout, slack } = options;
  const crew: Crew = { lab, hosts, inventory, dir: join(dir, hosts[0]!.name), alive, timeout, slack };
  const pace = await measure(crew);
  say(`undisturbed: ${(pace.all / 1000).toFixed(1)} s`);
  for (let next = plan.shift(); next; next = plan.shift()) {
    const { i, round } = next;
    const verdict = await play(crew, round, pace);
    ends.get(round.strike.how)!.push(verdict);
    const who = round.victims.map((at) => hosts[at]!.name).join(', ');
    const how = verdict.struck
      .map(({ end, code, noticed }) =>
        [end, code, noticed && `after ${noticed.toFixed(1)} s`].filter(Boolean).join(' '),
      )
      .join(', ');
    say(
      `${i + 1} ${who}: ${round.strike.how}, ${Math.round(round.moment.share * 100)} % into '${round.moment.part}', ${verdict.phase ?? 'too late'}: ${how || 'not struck'}`,
    );
    if (verdict.why.length === 0) continue;
    say([...verdict.why.map((line) => `  FALSE ${line}`), verdict.output].join('\n'));
    await Promise.all(hosts.map((host) => renew(host)));
  }
}

async function renew(host: Crew['hosts'][number]): Promise<void> {
  await pullPlug(lab, host);
  await removeDisk(lab, host);
  await boot({ lab, host });
}

const crews = Array.from({ length: Math.floor(options.hosts / options.atATime) }, (_, i) =>
  lab.hosts.slice(i * options.atATime, (i + 1) * options.atATime),
);
await Promise.all(crews.map(work));
await Promise.all([down(options.name), rm(dir, { recursive: true, force: true })]);

const row = (name: string, all: readonly Verdict[]) => {
  const struck = all.flatMap((one) => one.struck);
  const count = (end: string, code?: string) =>
    String(struck.filter((one) => one.end === end && (code === undefined || one.code === code)).length);
  const times = struck.flatMap(({ end, noticed }) => (end === 'unreachable' && noticed !== undefined ? [noticed] : []));
  const codes = [
    count('went on'),
    count('unreachable', 'E_LOST'),
    String(Number(count('unreachable')) - Number(count('unreachable', 'E_LOST'))),
    count('failed'),
  ];
  return [
    name,
    String(all.length),
    String(struck.length),
    ...codes,
    String(all.filter(({ hung }) => hung).length),
    String(all.filter(({ why }) => why.length > 0).length),
    times.length > 0 ? shown(spread(times)) : '-',
  ];
};
const total = [...ends.values()].flat();
const rows = [...ends].filter(([, all]) => all.length > 0).map(([name, all]) => row(name, all));
process.stdout.write(
  markdown(
    [
      '',
      'runs',
      'hosts struck',
      'went on',
      'lost in a task',
      'out of reach',
      'failed',
      'hung',
      'false',
      'told after s',
    ],
    [...rows, row('all', total)],
  ),
);
process.stdout.write(
  `\nstruck while: ${PHASES.map((phase) => `${phase} ${total.filter((one) => one.phase === phase).length}`).join(', ')}, over ${total.filter(({ phase }) => !phase).length}\n`,
);
process.stdout.write(`promised: told within ${promised(options, {})} s; seed ${options.seed}\n`);
const reasons = new Map<string, number>();
for (const { code, message } of total.flatMap(({ struck }) => struck)) {
  if (!message) continue;
  const reason = `${code}: ${message.replaceAll(/\d+\.\d+\.\d+\.\d+/g, 'HOST').replaceAll(/\bj\d+\.\d+/g, 'JOB')}`;
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}
for (const [reason, times] of [...reasons].sort(([, a], [, b]) => b - a))
  process.stdout.write(`${String(times).padStart(4)} ${reason}\n`);
if (total.some(({ why }) => why.length > 0)) process.exitCode = 1;
