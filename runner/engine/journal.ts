import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Play } from '../playbook/types.ts';
import type { Handlers } from './handlers.ts';

/** Handlers that were notified and did not come to run, by play: `NAME` -> hosts. */
type Pending = Record<string, { handler: string; hosts: string[] }[]>;

/**
 * What a run that ended early leaves to the next one of the same playbooks: handlers whose tasks have changed
 * something already, and which nothing would notify again. A check reads and writes none of it.
 */
export class Journal {
  readonly #file: string;
  #before: Pending;
  #now: Pending = {};

  private constructor(file: string, before: Pending) {
    this.#file = file;
    this.#before = before;
  }

  /** The journal of these playbooks on these inventories, kept in `.xrun/` of the working directory. */
  static async open(cwd: string, playbooks: readonly string[], inventories: readonly string[]): Promise<Journal> {
    const name = createHash('sha256').update(JSON.stringify([playbooks.map((p) => resolve(cwd, p)), inventories.map((i) => resolve(cwd, i))])).digest('hex').slice(0, 16);
    const file = join(cwd, '.xrun', `${name}.json`);
    const text = await readFile(file, 'utf8').catch(() => '{}');
    return new Journal(file, JSON.parse(text) as Pending);
  }

  /** Notifies again what the last run owed these hosts. */
  restore(play: Play, hosts: readonly string[], handlers: Handlers): void {
    for (const owed of this.#before[play.name] ?? []) {
      for (const host of owed.hosts) if (hosts.includes(host)) handlers.notify(owed.handler, host, true);
    }
  }

  /** Notes what a play still owes these hosts; what it owes others stays as it was. */
  keep(play: Play, hosts: readonly string[], pending: Pending[string]): void {
    const others = (this.#before[play.name] ?? []).map((o) => ({ ...o, hosts: o.hosts.filter((h) => !hosts.includes(h)) }));
    this.#before[play.name] = others.filter((o) => o.hosts.length);
    this.#now[play.name] = [...(this.#now[play.name] ?? []), ...pending];
  }

  /** Writes what is owed; without debts the file goes. */
  async close(): Promise<void> {
    const owed: Pending = {};
    for (const play of new Set([...Object.keys(this.#before), ...Object.keys(this.#now)])) {
      const all = [...(this.#before[play] ?? []), ...(this.#now[play] ?? [])];
      if (all.length) owed[play] = all;
    }
    if (!Object.keys(owed).length) return rm(this.#file, { force: true });
    await mkdir(join(this.#file, '..'), { recursive: true });
    const fresh = `${this.#file}.new`;
    await writeFile(fresh, JSON.stringify(owed, null, 2));
    await rename(fresh, this.#file);
  }
}
