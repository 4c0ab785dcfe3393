import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program to run, in a directory. */
export interface Command {
  argv: readonly string[];
  cwd: string;
  env?: Record<string, string>;
}

/** What one run took. */
export interface Figures {
  /** Seconds from start to exit. */
  wall: number;
  /** Seconds of processor time, user and system, of the program and of all children it waited for. */
  cpu: number;
  /** Megabytes that the program, or the largest of its children, had in memory at once. */
  rss: number;
}

/** Runs a program to its end and measures it with GNU time. Throws, with the end of what it said, unless it exits with 0. */
export async function measure({ argv, cwd, env }: Command, dir: string): Promise<Figures> {
  const figures = join(dir, 'figures');
  const said = join(dir, 'output');
  const output = openSync(said, 'w');
  const began = process.hrtime.bigint();
  const child = spawn('/usr/bin/time', ['-q', '-o', figures, '-f', '%U %S %M', ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  closeSync(output);
  if (code !== 0)
    throw new Error(
      `${argv.slice(0, 3).join(' ')} ... exited with ${code}:\n${readFileSync(said, 'utf8').slice(-2000)}`,
    );
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(figures, 'utf8').trim().split(' ').map(Number);
  return { wall, cpu: user + system, rss: kilobytes / 1024 };
}
