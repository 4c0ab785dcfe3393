import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const TASKS = 6;
const xrun = fileURLToPath(new URL('../../bin/xrun.js', import.meta.url));

/** A playbook whose handlers each copy what their task wrote: a handler that was lost shows as a copy of an earlier round. */
export class KilledRuns {
  readonly #dir: string;
  #round = 0;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async start(): Promise<KilledRuns> {
    const dir = await mkdtemp(join(tmpdir(), 'xrun-killed-'));
    await mkdir(join(dir, 'data'));
    const numbers = Array.from({ length: TASKS }, (_, i) => i);
    const tasks = numbers.map((i) => ({
      copy: { dest: `{{d}}/written-${i}`, content: '{{round}}\n' },
      notify: `apply ${i}`,
    }));
    const handlers = numbers.map((i) => ({
      name: `apply ${i}`,
      command: { argv: ['cp', `{{d}}/written-${i}`, `{{d}}/applied-${i}`] },
    }));
    const vars = { d: join(dir, 'data') };
    await writeFile(
      join(dir, 'site.yml'),
      JSON.stringify([{ hosts: 'all', gather_facts: false, vars, tasks, handlers }]),
    );
    await writeFile(
      join(dir, 'inventory.yml'),
      JSON.stringify({ all: { hosts: { h1: { xrun_connection: 'local' } } } }),
    );
    return new KilledRuns(dir);
  }

  /** Milliseconds that a whole run takes here. */
  async pace(): Promise<number> {
    const began = Date.now();
    await this.#run(++this.#round);
    return Date.now() - began;
  }

  /** Kills a run (SIGKILL) after so many milliseconds, lets another one end, and returns the handlers that were lost. */
  async round(after: number): Promise<string[]> {
    const round = ++this.#round;
    await this.#run(round, after);
    const output = await this.#run(round);
    const lost: string[] = [];
    for (let i = 0; i < TASKS; i++) {
      const applied = await readFile(join(this.#dir, `data/applied-${i}`), 'utf8').catch(() => '(nothing)');
      if (applied !== `${round}\n`)
        lost.push(`handler ${i} of round ${round}, killed after ${after} ms: ${applied.trim()}\n${output}`);
    }
    return lost;
  }

  /** What is left in the directory of the runs' state. */
  async owed(): Promise<string[]> {
    return (await readdir(join(this.#dir, '.xrun')).catch(() => [])).filter((name) => name.startsWith('owed-'));
  }

  async clean(): Promise<void> {
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #run(round: number, killAfter?: number): Promise<string> {
    const child = spawn(
      process.execPath,
      [xrun, 'site.yml', '-i', 'inventory.yml', '-o', 'plain', '-e', `round=${round}`],
      { cwd: this.#dir, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    if (killAfter !== undefined) void sleep(killAfter).then(() => child.kill('SIGKILL'));
    await ended;
    return output;
  }
}
