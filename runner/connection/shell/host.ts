import { setTimeout as sleep } from 'node:timers/promises';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Extras, RunScripts } from './extras.ts';
import type { HostShell, Outcome, PutFile, PutOptions, RunOptions } from '../../model/transport/host-shell.ts';
import { putFile } from '../files/put-file.ts';
import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import type { Session } from './session.ts';

/** Milliseconds between two tries to log in again. */
const RECONNECT_PAUSE = 500;

/** A host's shell: a queue before a {@link Session}. */
export class Host implements HostShell {
  readonly #session: Session;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(session: Session) {
    this.#session = session;
  }

  async run(script: Script, options: RunOptions = {}): Promise<Outcome> {
    const [outcome] = await this.#inTurn(() => this.#run([script], options));
    return outcome as Outcome;
  }

  batch(
    scripts: readonly Script[],
    options: Pick<RunOptions, 'become' | 'timeoutMs' | 'patienceMs' | 'signal'> = {},
  ): Promise<Outcome[]> {
    return this.#inTurn(() => this.#run(scripts, options));
  }

  put(file: PutFile, { onSent, ...options }: PutOptions = {}): Promise<Outcome> {
    const run: RunScripts = (scripts, more) => this.#run(scripts, { ...options, ...more });
    return this.#inTurn(() => putFile(file, run, onSent));
  }

  async get(
    path: string,
    into: (chunk: Buffer) => void,
    options: Pick<RunOptions, 'become' | 'timeoutMs' | 'signal'> = {},
  ): Promise<Outcome> {
    const [outcome] = await this.#inTurn(() => this.#run([sh`cat <${path}`], { ...options, into }));
    return outcome as Outcome;
  }

  reconnect({
    timeoutMs,
    address,
    signal,
  }: {
    timeoutMs: number;
    address?: string | null;
    signal?: AbortSignal;
  }): Promise<void> {
    return this.#inTurn(async () => {
      await this.#session.drop(address);
      const until = Date.now() + timeoutMs;
      for (;;) {
        try {
          const late = AbortSignal.timeout(Math.max(1, until - Date.now()));
          await this.#session.shell(undefined, signal ? AbortSignal.any([late, signal]) : late);
          return;
        } catch (error) {
          if (Date.now() + RECONNECT_PAUSE >= until || signal?.aborted || !isTransient(error)) throw error;
        }
        await sleep(RECONNECT_PAUSE);
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#session.drop();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /**
   * A lost link is made anew before a script is sent, never after; where that fails, it does for all that are left.
   * Scripts that did not start because the shell died before their turn are sent once more.
   */
  async #run(scripts: readonly Script[], options: RunOptions & Extras): Promise<Outcome[]> {
    const { become, ...rest } = options;
    const outcomes: Outcome[] = [];
    while (outcomes.length < scripts.length) {
      if (options.signal?.aborted) outcomes.push(nothing('cancelled', 'cancelled before it started'));
      else if (this.#closed) outcomes.push(nothing('lost', 'the connection was closed'));
      else {
        const shell = await this.#shell(become, options.signal);
        if ('reason' in shell) outcomes.push(...scripts.slice(outcomes.length).map(() => shell));
        else outcomes.push(...(await settled(shell.run(scripts.slice(outcomes.length), rest))));
      }
    }
    return outcomes;
  }

  async #shell(become: RunOptions['become'], signal: AbortSignal | undefined) {
    try {
      return await this.#session.shell(become, signal);
    } catch (error) {
      if (!(error instanceof XrunError) || error.code === 'E_BECOME') throw error;
      return { ...nothing('unreachable', error.message), error };
    }
  }
}

/** The outcomes up to the first script that did not start; at least one, so that nothing is tried for ever. */
async function settled(all: Promise<Outcome | undefined>[]): Promise<Outcome[]> {
  const known: Outcome[] = [];
  for (const outcome of await Promise.all(all)) {
    if (!outcome) break;
    known.push(outcome);
  }
  return known;
}

function nothing(reason: 'lost' | 'unreachable' | 'cancelled', message: string): Outcome {
  return { reason, rc: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), message };
}

function isTransient(error: unknown): boolean {
  return error instanceof XrunError && error.code === 'E_UNREACHABLE';
}
