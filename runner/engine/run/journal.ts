import { rm } from 'node:fs/promises';
import { debtKey, JournalFile, readLeft } from './journal-file.ts';
import type { Debt } from './journal-file.ts';
import { runKey } from './run-key.ts';
import type { KeyedRun } from './run-key.ts';

/** What a journal is for, and what it needs. */
export interface JournalRequest extends KeyedRun {
  /** Where it may be kept, the preferred one first. */
  directories: readonly string[];
  warn(message: string): void;
}

/**
 * What a run that ended early leaves to the next one of the same playbooks and inventories: handlers whose tasks have
 * changed something already, and which nothing would notify again. That a task may be about to owe a handler is on the
 * disk before the task is carried out, so that a run killed at any moment owes it. Each run has a file of its own, so
 * that two at once do not touch each other's; a file whose run has ended is taken over by the next. What cannot be read
 * or written is a warning, never an error.
 */
export class Journal {
  readonly #file: JournalFile | undefined;
  readonly #warn: (message: string) => void;
  /** What earlier runs owe and no run has done yet. */
  readonly #before = new Map<string, Debt>();
  readonly #owed = new Map<string, Debt>();
  /** Handlers that tasks which are being carried out may owe. */
  readonly #open = new Map<number, Debt[]>();
  #next = 1;
  #broken = false;

  private constructor(file: JournalFile | undefined, before: readonly Debt[], warn: (message: string) => void) {
    this.#file = file;
    this.#warn = warn;
    for (const debt of before) {
      this.#before.set(debtKey(debt), debt);
      this.#owed.set(debtKey(debt), debt);
    }
  }

  /** Reads what earlier runs owe, and takes their files over. */
  static async open({ cwd, playbooks, inventories, directories, warn }: JournalRequest): Promise<Journal> {
    const key = runKey({ cwd, playbooks, inventories });
    const left = await readLeft(directories, key, warn);
    const journal = new Journal(
      new JournalFile(directories, key),
      left.flatMap(({ debts }) => debts),
      warn,
    );
    if (left.length > 0) await journal.#attempt(() => journal.#takeOver(left.map(({ path }) => path)));
    return journal;
  }

  /** One that remembers nothing, for checks. */
  static none(): Journal {
    return new Journal(undefined, [], () => undefined);
  }

  /** What earlier runs owe these hosts in a play of this name. */
  owedBefore(play: string, hosts: readonly string[]): Debt[] {
    return [...this.#before.values()].filter((debt) => debt.play === play && hosts.includes(debt.host));
  }

  /**
   * A task is about to be carried out on a host, which will owe these handlers if it changes something. Resolves when that
   * is on the disk. {@link concluded} follows.
   */
  async intend(play: string, host: string, handlers: readonly string[]): Promise<void> {
    const debts = handlers.map((handler) => ({ play, handler, host })).filter((debt) => !this.#owed.has(debtKey(debt)));
    if (debts.length === 0) return;
    const id = this.#next++;
    this.#open.set(id, debts);
    await this.#append({ may: id, play, host, handlers: debts.map(({ handler }) => handler) });
  }

  /** A host was notified of a handler. */
  owe(debt: Debt): void {
    const key = debtKey(debt);
    if (this.#owed.has(key)) return;
    this.#owed.set(key, debt);
    const announced = [...this.#open.values()].some((debts) => debts.some((one) => debtKey(one) === key));
    if (!announced) void this.#append({ owes: debt });
  }

  /**
   * A task has ended on a host, and notified whom it had to. Of what was announced, only that is owed; all of it where
  what the task did cannot be known (`unsure`: it was stopped, or its host was lost).
   */
  concluded(host: string, { unsure }: { unsure: boolean }): void {
    for (const [id, debts] of this.#open) {
      if (debts[0]?.host !== host) continue;
      this.#open.delete(id);
      if (unsure) for (const debt of debts) this.#owed.set(debtKey(debt), debt);
      const owed = debts.filter((debt) => this.#owed.has(debtKey(debt)));
      if (owed.length === debts.length) continue;
      void this.#append({ not: id });
      for (const debt of owed) void this.#append({ owes: debt });
    }
  }

  /** A handler has done its work on a host. */
  ran(debt: Debt): void {
    const key = debtKey(debt);
    this.#before.delete(key);
    if (this.#owed.delete(key)) void this.#append({ ran: debt });
  }

  /** Leaves behind what is owed, and nothing else. */
  async close(): Promise<void> {
    const open = [...this.#open.values()].flat().map((debt) => [debtKey(debt), debt] as const);
    const debts = [...new Map([...this.#owed, ...open]).values()];
    await this.#attempt(async () => this.#file?.settle(debts, { ended: true }));
  }

  async #takeOver(paths: readonly string[]): Promise<void> {
    await this.#file?.settle([...this.#owed.values()], { ended: false });
    // Those of another user, or of a disk that is read-only by now, are taken over again: a handler runs once more.
    await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
  }

  async #append(line: Parameters<JournalFile['append']>[0]): Promise<void> {
    if (!this.#broken) await this.#attempt(async () => this.#file?.append(line));
  }

  /** A failure to write is a warning: the run goes on. */
  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#broken)
        this.#warn(
          `the handlers that this run owes cannot be recorded (${(error as Error).message}): if it is interrupted, the next run does not know of them. Set XRUN_STATE_DIR to a directory that can be written`,
        );
      this.#broken = true;
    }
  }
}
