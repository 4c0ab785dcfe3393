import { constants } from 'node:fs';
import { open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nonce } from '../../connection/shell/nonce.ts';
import { makeStateDirectory } from './state-dir.ts';
import { isRunning, thisProcess } from '../../controller/process-identity.ts';
import type { ProcessIdentity } from '../../controller/process-identity.ts';

/** A handler that a host still has to run: its task may have changed something there. */
export interface Debt {
  play: string;
  handler: string;
  host: string;
}

/**
 * One line of a journal. `run` heads a file and says whose it is. `may`: a task is about to be carried out which, if it
 * changes something, owes `handlers`; `not`: it changed nothing. `owes`: notified. `ran`: paid.
 */
type Line =
  | { run: ProcessIdentity }
  | { may: number; play: string; host: string; handlers: string[] }
  | { not: number }
  | { owes: Debt }
  | { ran: Debt };

/** What a file of a run that ended early says. */
interface Left {
  path: string;
  debts: Debt[];
}

/** One text for equal debts. */
export function debtKey({ play, handler, host }: Debt): string {
  return JSON.stringify([play, handler, host]);
}

/** The files that runs of the same playbooks left in these directories, without those of runs that go on. */
export async function readLeft(
  directories: readonly string[],
  key: string,
  warn: (message: string) => void,
): Promise<Left[]> {
  const left: Left[] = [];
  for (const directory of directories) {
    const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
        warn(`${directory} cannot be read (${error.message}): handlers that an earlier run owes are not known`);
      return [];
    });
    for (const name of names.filter((n) => n.startsWith(`owed-${key}-`) && n.endsWith('.jsonl')).toSorted()) {
      const path = join(directory, name);
      try {
        const read = parse(await readFile(path, 'utf8'), path, warn);
        if (!read.run || !isRunning(read.run)) left.push({ path, debts: read.debts });
      } catch (error) {
        warn(`${path} cannot be read (${(error as Error).message}): handlers that an earlier run owes are not known`);
      }
    }
  }
  return left;
}

/**
 * What is owed by the lines of a file. A last line without its end is what a run was writing when it was killed: what it
 * announces had not begun. Every other line that cannot be read is a warning.
 */
function parse(text: string, path: string, warn: (message: string) => void): { run?: ProcessIdentity; debts: Debt[] } {
  const owed = new Map<string, Debt>();
  const may = new Map<number, Debt[]>();
  let run: ProcessIdentity | undefined;
  const take = (line: Line): void => {
    if ('run' in line) run = line.run;
    else if ('may' in line)
      may.set(
        line.may,
        line.handlers.map((handler) => ({ play: line.play, handler, host: line.host })),
      );
    else if ('not' in line) may.delete(line.not);
    else if ('owes' in line) owed.set(debtKey(line.owes), line.owes);
    else if ('ran' in line) {
      owed.delete(debtKey(line.ran));
      for (const [id, debts] of may)
        may.set(
          id,
          debts.filter((debt) => debtKey(debt) !== debtKey(line.ran)),
        );
    } else throw new Error('unknown line');
  };
  const lines = text.split('\n');
  if (text === '') warn(`${path} is empty: handlers that an earlier run owes may have been lost`);
  for (const [i, line] of lines.slice(0, -1).entries()) {
    try {
      take(JSON.parse(line) as Line);
    } catch {
      warn(`${path}:${i + 1} is damaged and was left out: a handler that an earlier run owes may have been lost`);
    }
  }
  for (const debt of [...may.values()].flat()) owed.set(debtKey(debt), debt);
  return { ...(run && { run }), debts: [...owed.values()] };
}

/** The file of one run. It is made with the first line; what is waited for is on the disk. Rejects where that fails. */
export class JournalFile {
  readonly #directories: readonly string[];
  readonly #name: string;
  #handle: FileHandle | undefined;
  #path = '';
  #waiting: { text: string; done: () => void; failed: (error: Error) => void }[] = [];
  #writing: Promise<void> | undefined;

  constructor(directories: readonly string[], key: string) {
    this.#directories = directories;
    this.#name = `owed-${key}-${nonce().slice(0, 16)}.jsonl`;
  }

  /** Appends a line. Lines of one moment share a write and a flush. Resolves when it is on the disk. */
  append(line: Line): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ text: `${JSON.stringify(line)}\n`, done, failed });
      this.#writing ??= this.#drain();
    });
  }

  /** Replaces what was written by `debts` alone; without any the file goes. With `ended` it belongs to no run any more. */
  async settle(debts: readonly Debt[], { ended }: { ended: boolean }): Promise<void> {
    while (this.#writing) await this.#writing;
    if (debts.length > 0) await this.#open();
    await this.#handle?.close();
    this.#handle = undefined;
    if (debts.length === 0) {
      if (this.#path) await rm(this.#path, { force: true });
      return;
    }
    const fresh = `${this.#path}.new`;
    await writeFile(fresh, [ended ? '' : head(), ...debts.map((owes) => `${JSON.stringify({ owes })}\n`)].join(''), {
      mode: 0o600,
      flush: true,
    });
    await rename(fresh, this.#path);
    await flushDirectory(dirname(this.#path));
    if (!ended) this.#handle = await open(this.#path, 'a');
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const now = this.#waiting;
      this.#waiting = [];
      try {
        const file = await this.#open();
        await file.writeFile(now.map(({ text }) => text).join(''));
        await file.datasync();
        for (const { done } of now) done();
      } catch (error) {
        for (const { failed } of now) failed(error as Error);
      }
    }
    this.#writing = undefined;
  }

  /** In the first directory that takes it. */
  async #open(): Promise<FileHandle> {
    if (this.#handle) return this.#handle;
    let trouble: Error | undefined;
    for (const directory of this.#directories) {
      try {
        await makeStateDirectory(directory);
        const path = join(directory, this.#name);
        const handle = await open(
          path,
          constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW,
          0o600,
        );
        await handle.writeFile(head());
        await flushDirectory(directory);
        this.#path = path;
        return (this.#handle = handle);
      } catch (error) {
        trouble ??= error as Error;
      }
    }
    throw trouble ?? new Error('its directory does not exist');
  }
}

function head(): string {
  return `${JSON.stringify({ run: thisProcess() })}\n`;
}

/** A name that was made or replaced is on the disk when its directory is (fsync(2)). */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
