/** npm run bench: the same work by xrun and by others, side by side, on sshds of this machine. One table. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { openArena } from './arena.ts';
import { ensurePackages } from './requirements.ts';
import { play, WORKS } from './scenario.ts';
import type { Scenario, Work } from './scenario.ts';
import { startUp } from './start-up.ts';
import { growth, table } from './table.ts';
import type { Measured } from './table.ts';
import { TOOLS } from './tools.ts';
import type { ToolName } from './tools.ts';
import { LARGE } from './workload.ts';

interface Options {
  hosts: number[];
  tools: ToolName[];
  work: Work[];
  rounds: number;
  ansibleHosts: number;
  ansibleRounds: number;
  far: number;
  rtt: number;
}

const number = (text: string) => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
};
const numbers = (text: string) => text.split(',').map(number);
const some =
  <T extends string>(known: readonly T[]) =>
  (text: string) =>
    text.split(',').map((word) => known.find((one) => one === word) ?? refuse(`Choose from ${known.join(', ')}.`));
const refuse = (why: string): never => {
  throw new InvalidArgumentError(why);
};

const program = new Command('bench')
  .description(
    `Twenty idempotent tasks a host, or a file of ${LARGE} MB, by xrun and by others, on sshds of this machine`,
  )
  .addOption(new Option('--hosts <n,n>', 'how many hosts').argParser(numbers).default([1, 10, 50], '1,10,50'))
  .addOption(new Option('--tools <tool,tool>', TOOLS.join(', ')).argParser(some(TOOLS)).default([...TOOLS], 'all'))
  .addOption(new Option('--work <work,work>', WORKS.join(', ')).argParser(some(WORKS)).default([...WORKS], 'all'))
  .addOption(new Option('--rounds <n>', 'how often each tool runs').argParser(number).default(5))
  .addOption(
    new Option('--ansible-hosts <n>', 'Ansible is slow: left out of scenarios with more hosts')
      .argParser(number)
      .default(10),
  )
  .addOption(new Option('--ansible-rounds <n>', 'how often Ansible runs').argParser(number).default(1))
  .addOption(
    new Option('--far <n>', 'hosts behind a proxy that adds a round trip, for `converged` and `large`; 0 for none')
      .argParser(number)
      .default(5),
  )
  .addOption(new Option('--rtt <ms>', 'what the proxy adds').argParser(number).default(100))
  .parse();
const options = program.opts<Options>();
const say = (line: string) => void process.stderr.write(`${line}\n`);
const isAnsible = (tool: ToolName) => ['ansible', 'pipelining', 'mitogen'].includes(tool);

/** A large file goes to one host: more would be a matter of the disk that they share. */
const hostsFor = (work: Work, hosts: readonly number[]) => (work === 'large' ? [1] : hosts);
const near = options.work.flatMap((work) =>
  hostsFor(work, options.hosts).map((hosts): Scenario => ({
    work,
    hosts,
    far: false,
    title: `${hosts} hosts, ${work}`,
  })),
);
const distant = options.work
  .filter((work) => options.far > 0 && (work === 'converged' || work === 'large'))
  .flatMap((work) =>
    hostsFor(work, [options.far]).map((hosts): Scenario => ({
      work,
      hosts,
      far: true,
      title: `${hosts} hosts, ${options.rtt} ms away, ${work}`,
    })),
  );

ensurePackages(options.tools, say);
const arena = await openArena(Math.max(...options.hosts, options.far), options.far, options.rtt);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.on('exit', arena.close);
const all: { scenario: Scenario; measured: Measured }[] = [];
for (const scenario of [...near, ...distant]) {
  const tools = options.tools.filter((tool) => !isAnsible(tool) || scenario.hosts <= options.ansibleHosts);
  const rounds = (tool: ToolName) => (isAnsible(tool) ? options.ansibleRounds : options.rounds);
  all.push({ scenario, measured: await play(scenario, tools, rounds, arena, say) });
}
process.stdout.write(`\n${table(all.map(({ measured }) => measured))}\n`);
process.stdout.write(
  growth(
    all
      .filter(({ scenario }) => !scenario.far && scenario.work === 'converged')
      .map(({ scenario, measured }) => ({ hosts: scenario.hosts, measured })),
  ),
);
process.stdout.write(await startUp(4 * options.rounds, arena.dir));
process.exit();
