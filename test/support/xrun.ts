import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diff, Stats, Status } from '../../runner/model/events.ts';

/** One line of the jsonl report that tests read. */
interface Line {
  type: string;
  host?: string;
  task?: string;
  status?: Status;
  item?: string;
  diff?: Diff[];
  stats?: Record<string, Stats>;
}

/** How the command ended, and what it reported. */
export interface Ran {
  code: number | null;
  output: string;
  stats: Record<string, Stats>;
  /** `HOST TASK` of every task that changed, or in a check would. */
  changed: string[];
  /** By `HOST TASK`: how it ended, and what it changed, or would, in order. */
  statuses: Record<string, Status>;
  diffs: Record<string, Diff[]>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the command itself, as a user does, from the project's directory. */
export async function xrun(...args: string[]): Promise<Ran> {
  const dir = await mkdtemp(join(tmpdir(), 'xrun-lab-'));
  const report = join(dir, 'events.jsonl');
  const child = spawn(process.execPath, ['bin/xrun.js', ...args, '--jsonl', report], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const text = await readFile(report, 'utf8').catch(() => '');
  await rm(dir, { recursive: true, force: true });
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const ends = lines
    .filter((l) => l.type === 'task_end' && l.item === undefined)
    .map((l) => ({ ...l, of: `${l.host} ${l.task}` }));
  const changed = ends
    .filter((end) => end.status === 'changed')
    .map(({ of }) => of)
    .sort();
  const statuses = Object.fromEntries(ends.map(({ of, status }) => [of, status as Status]));
  const diffs = Object.fromEntries(ends.flatMap(({ of, diff }) => (diff ? [[of, diff]] : [])));
  return { code, output, changed, statuses, diffs, stats: lines.find((l) => l.type === 'run_end')?.stats ?? {} };
}
