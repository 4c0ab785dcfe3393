/** npm run bench:simulated: what a host costs xrun among very many, on hosts that answer from a table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { whole } from '../runner/cli/options/option-values.ts';
import { markdown, shown } from './markdown.ts';
import { measure } from './measure.ts';
import type { Figures } from './measure.ts';
import { openSimulatedArena } from './simulated-arena.ts';
import { spread } from './statistics.ts';

const { hosts, rounds } = new Command('bench:simulated')
  .description('Twenty idempotent tasks a host by xrun, on hosts of an SSH server that answers from a table')
  .addOption(
    new Option('--hosts <n,n>', 'how many')
      .argParser((text: string) => text.split(',').map(whole))
      .default([50, 200, 1000], '50,200,1000'),
  )
  .addOption(new Option('--rounds <n>', 'how often each').argParser(whole).default(3))
  .parse()
  .opts<{ hosts: number[]; rounds: number }>();

const { dir, server, argv } = await openSimulatedArena();
const converge = (count: number): Promise<Figures> => measure({ cwd: dir, argv: argv(count) }, dir);

await converge(1);
server.forget();
await converge(1);
const learnt = server.answered.bySh;
const rows: string[][] = [];
const all: { count: number; cpu: number; rss: number }[] = [];
for (const count of hosts) {
  const figures: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    figures.push(await converge(count));
    if (!readFileSync(join(dir, 'output'), 'utf8').includes(`RECAP ${count} host`))
      throw new Error('the run has no recap');
    process.stderr.write(`${count} hosts: ${figures.at(-1)!.wall.toFixed(1)} s\n`);
  }
  const of = (name: keyof Figures) => spread(figures.map((one) => one[name]));
  all.push({ count, cpu: of('cpu').median, rss: of('rss').median });
  rows.push([
    `${count} hosts`,
    shown(of('wall')),
    shown(of('cpu')),
    shown(of('rss')),
    ((of('cpu').median / count) * 1000).toFixed(0),
  ]);
}
process.stdout.write(markdown(['', 'wall s', 'CPU s', 'MB', 'CPU ms a host'], rows));
for (const [i, to] of all.entries()) {
  const from = all[i - 1];
  if (from)
    process.stdout.write(
      `${from.count} to ${to.count} hosts: a host more costs ${(((to.cpu - from.cpu) / (to.count - from.count)) * 1000).toFixed(1)} ms of CPU and ${(((to.rss - from.rss) / (to.count - from.count)) * 1024).toFixed(0)} kB\n`,
    );
}
process.stdout.write(
  `${learnt} answers were learnt from one host; of the requests after that ${server.answered.fromTable} were answered by the table, ${server.answered.bySh - learnt} by a shell\n`,
);
server.close();
process.exit();
