/** npm run bench:shards: very many simulated hosts in one run and in shards: the same results, and what each way takes. */
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { whole } from '../runner/cli/options/option-values.ts';
import { Limiter } from '../runner/model/limiter.ts';
import { markdown } from './markdown.ts';
import { measure } from './measure.ts';
import { openSimulatedArena, xrunWith } from './simulated-arena.ts';

const { hosts, shards, atOnce } = new Command('bench:shards')
  .description('Twenty idempotent tasks a host by xrun, in one run and in shards whose reports are merged')
  .addOption(new Option('--hosts <n>', 'how many').argParser(whole).default(2000))
  .addOption(new Option('--shards <n>', 'how many parts').argParser(whole).default(8))
  .addOption(new Option('--at-once <n>', 'parts side by side').argParser(whole).default(availableParallelism()))
  .parse()
  .opts<{ hosts: number; shards: number; atOnce: number }>();

const { dir, server, argv } = await openSimulatedArena();
const run = (name: string, words: string[]) => {
  const own = join(dir, name);
  mkdirSync(own, { recursive: true });
  // Shards have nothing in common but what they are given.
  return measure({ cwd: own, argv: words, env: { XRUN_STATE_DIR: own } }, own);
};

await run('learning', argv(1));
const one = await run('one', [...argv(hosts), '--jsonl', 'run.jsonl']);
const began = Date.now();
const limiter = new Limiter(atOnce);
const parts = await Promise.all(
  Array.from({ length: shards }, (_, i) => i + 1).map((k) =>
    limiter.run(() => run(`parts/${k}`, [...argv(hosts), '--shard', `${k}/${shards}`, '--jsonl', 'run.jsonl'])),
  ),
);
const wall = (Date.now() - began) / 1000;
const merged = await run('merged', xrunWith('merge-reports', join(dir, 'parts'), '--jsonl', 'run.jsonl'));
server.close();

/** The lines of a report without what differs from run to run, in an order of their own. */
function results(name: string): string[] {
  const lines = readFileSync(join(dir, name, 'run.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const timeless = (line: string) => {
    const {
      ts: _,
      run_id: __,
      duration_ms: ___,
      shard: ____,
      result: _____,
      ...rest
    } = JSON.parse(line) as Record<string, unknown>;
    return JSON.stringify(rest);
  };
  return lines.map(timeless).sort();
}

const [alone, together] = [results('one'), results('merged')];
const different = alone.filter((line, i) => line !== together[i]);
const largest = (name: 'wall' | 'rss') => Math.max(...parts.map((part) => part[name]));
process.stdout.write(
  markdown(
    ['', 'wall s', 'CPU s', 'MB'],
    [
      ['one run', one.wall.toFixed(1), one.cpu.toFixed(1), one.rss.toFixed(0)],
      [
        `${shards} shards, ${atOnce} at once`,
        wall.toFixed(1),
        parts.reduce((sum, { cpu }) => sum + cpu, 0).toFixed(1),
        largest('rss').toFixed(0),
      ],
      ['merge-reports', merged.wall.toFixed(1), merged.cpu.toFixed(1), merged.rss.toFixed(0)],
    ],
  ),
);
process.stdout.write(
  `${alone.length} events in one run, ${together.length} in the merged one, ${different.length} different\n`,
);
for (const line of different.slice(0, 3)) process.stdout.write(`  ${line.slice(0, 200)}\n`);
process.exit(different.length === 0 && alone.length === together.length ? 0 : 1);
