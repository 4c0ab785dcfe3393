import type { Channel, ChannelEnd } from '../../model/transport/transport.ts';
import { Captured } from './captured.ts';
import { lostMessage, noShell } from './channel-end.ts';
import { abilities, renderFrames, together } from './frame.ts';
import type { Abilities } from './frame.ts';
import type { ShellOptions } from './extras.ts';
import type { Outcome } from '../../model/transport/host-shell.ts';
import { Job } from './job.ts';
import { sweep } from '../files/leftovers.ts';
import { MarkerReader } from './marker-reader.ts';
import type { Script } from '../../model/script.ts';
import { bytesOf } from '../../model/host-text.ts';

/** Milliseconds from TERM to KILL, and from KILL until the host is given up. */
const GRACE = 2000;
/** Bytes of what a login script prints: what is kept for an error message, and what is waited for at most. */
const BANNER_LIMIT = 4096;
const BANNER_MOST = 16 * 1024 ** 2;

/** What came from a channel before its shell was taken over. */
export interface Heard {
  stdout: Buffer[];
  stderr: Buffer[];
}

/** One long-lived `sh` at the end of one channel, running scripts one at a time. */
export class PersistentShell {
  /** The host did not even react to a signal: its connection is not worth keeping. */
  silent = false;
  readonly #channel: Channel;
  readonly #farewell: string;
  readonly #stdout = new MarkerReader(() => this.#spoil());
  readonly #stderr = new MarkerReader(() => this.#spoil());
  #has: Abilities | undefined;
  #jobs: Job[] = [];
  #ended: ChannelEnd | undefined;
  #listening = false;
  #swept = false;
  #stale = false;
  #killed = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(channel: Channel, farewell: string) {
    this.#channel = channel;
    this.#farewell = farewell;
  }

  /**
   * Takes over the `shellScript` that runs on `channel`. Waits until it has said `marker`, past whatever a login script
   * printed; rejects with a plain Error that quotes what came instead.
   *
   * @param heard what has come from the channel already
   * @param farewell the last line that the shell gets, if it does nothing when it is closed
   */
  static async start(
    channel: Channel,
    marker: string,
    heard: Heard = { stdout: [], stderr: [] },
    farewell = '',
  ): Promise<PersistentShell> {
    const shell = new PersistentShell(channel, farewell);
    await shell.#greet(marker, heard);
    return shell;
  }

  /** False once it cannot run anything any more, or should not: something else may write to its output. */
  get usable(): boolean {
    return !this.#ended && !this.#stale;
  }

  /**
   * Runs scripts in one go. An outcome is undefined where the script certainly did not start, because the shell died
   * before (and with it only the shell).
   */
  run(scripts: readonly Script[], options: ShellOptions): Promise<Outcome | undefined>[] {
    const group = options.trust === 'theirs';
    const jobs = scripts.map((script) => new Job(script, options, group));
    const listen = !options.feed && (group || options.timeoutMs !== undefined);
    const sets = together(jobs);
    const text = renderFrames(
      sets.map((set) => set.map((job) => job.frame)),
      this.#has as Abilities,
      listen,
    );
    for (const set of sets) this.#expect(set);
    this.#jobs.push(...jobs);
    const first = this.#swept ? '' : sweep();
    this.#swept = true;
    this.#channel.stdin.write(bytesOf(`${this.#listening ? '.\n' : ''}${first}${text}`));
    this.#listening = listen;
    this.#startClock();
    const abort = (): void => this.#stop('cancelled', 'cancelled');
    options.signal?.addEventListener('abort', abort, { once: true });
    const all = jobs.map((job) => job.outcome);
    if (options.signal) void Promise.all(all).then(() => options.signal?.removeEventListener('abort', abort));
    return all;
  }

  /** Stops what runs and frees the channel. */
  close(): void {
    if (this.#jobs.length > 0 && this.#listening) this.#signal('KILL');
    else if (this.#jobs.length === 0 && this.#farewell)
      this.#channel.stdin.write(`${this.#listening ? '.\n' : ''}${this.#farewell}\n`);
    this.#channel.close();
  }

  async #greet(marker: string, heard: Heard): Promise<void> {
    const { stdin, stdout, stderr, end } = this.#channel;
    const banner = new Captured(BANNER_LIMIT);
    let size = 0;
    const listen = (chunk: Buffer): void => {
      banner.push(chunk);
      size += chunk.length;
      if (size > BANNER_MOST)
        this.#giveUp(`the login shell printed more than ${BANNER_MOST / 1024 ** 2} MiB before it started sh`);
    };
    const said = (reader: MarkerReader) =>
      new Promise<string>((done) => {
        reader.expect({ marker: Buffer.from(marker), sink: listen, done });
      });
    const both = Promise.all([said(this.#stdout), said(this.#stderr)]);
    for (const chunk of heard.stdout) this.#stdout.push(chunk);
    for (const chunk of heard.stderr) this.#stderr.push(chunk);
    stdout.on('data', (chunk: Buffer) => this.#stdout.push(chunk));
    stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk));
    stdin.on('error', () => undefined);
    const answer = await Promise.race([both, end.then((how) => this.#onEnd(how))]);
    if (!answer) throw new Error(noShell(this.#ended as ChannelEnd, banner));
    this.#has = abilities(answer[0]);
  }

  /** Jobs that are together end their errors together. */
  #expect(set: readonly Job[]): void {
    for (const job of set) this.#expectOutput(job);
    const marker = Buffer.from(set.at(-1)!.frame.end);
    const sink = (chunk: Buffer) => set.forEach((job) => job.output('stderr', chunk));
    this.#stderr.expect({ marker, sink, done: () => set.forEach((job) => this.#done(job)) });
  }

  #expectOutput(job: Job): void {
    const { start, end, feed } = job.frame;
    if (start) {
      this.#stdout.expect({
        marker: Buffer.from(start),
        sink: () => undefined,
        done: (rest) => {
          job.group = Number(rest);
        },
      });
    }
    if (feed)
      this.#stdout.expect({ marker: Buffer.from(feed), sink: () => undefined, done: () => void this.#feed(job) });
    this.#stdout.expect({
      marker: Buffer.from(end),
      sink: (chunk) => job.output('stdout', chunk),
      done: (rest) => this.#done(job, rest),
    });
  }

  async #feed(job: Job): Promise<void> {
    const { stdin } = this.#channel;
    try {
      for await (const block of job.options.feed ?? []) {
        if (this.#ended || this.#jobs[0] !== job) return;
        const gone = new Promise((done) => stdin.write(block, done));
        await Promise.race([gone, this.#channel.end, job.outcome]);
      }
    } catch (error) {
      job.fail(error);
      this.#giveUp('its input could not be read');
    }
  }

  /** Called once for each stream; the first of the two only counts. */
  #done(job: Job, rest?: string): void {
    if (rest !== undefined) {
      const [rc, survivors] = rest.trim().split(' ');
      job.rc = Number(rc);
      if (survivors === '0' || (job.options.feed && rc !== '0')) this.#spoil();
    }
    if (!job.half()) return;
    clearTimeout(this.#timer);
    if (job.stopping) this.#signal('KILL');
    this.#jobs.shift();
    job.finish();
    this.#startClock();
  }

  #startClock(): void {
    const job = this.#jobs[0];
    if (!job || job.clocked) return;
    job.clocked = true;
    const { timeoutMs = job.options.patienceMs, signal } = job.options;
    if (signal?.aborted) return this.#stop('cancelled', 'cancelled');
    if (timeoutMs === undefined) return;
    this.#timer = setTimeout(() => this.#stop('timeout', `not finished after ${timeoutMs / 1000} s`), timeoutMs);
  }

  #stop(reason: 'timeout' | 'cancelled', message: string): void {
    const job = this.#jobs[0];
    if (!job || job.stopping || this.#ended) return;
    job.stopping = { reason, message };
    this.#killed = true;
    this.#spoil();
    clearTimeout(this.#timer);
    if (!this.#listening) return this.#giveUp(message);
    this.#signal('TERM');
    this.#timer = setTimeout(() => {
      this.#signal('KILL');
      this.#timer = setTimeout(() => {
        job.stopping = { reason, message: `${message}, and the host did not answer when it was to be stopped` };
        this.silent = true;
        this.#giveUp(message);
      }, GRACE);
    }, GRACE);
  }

  /** A host that is stuck does not confirm that a channel is closed: not waited for. */
  #giveUp(message: string): void {
    this.#channel.close();
    this.#onEnd({ kind: 'lost', message });
  }

  /** Our own scripts share the shell's process group: 0, which ends the shell as well. */
  #signal(name: 'TERM' | 'KILL'): void {
    const group = this.#jobs[0]?.group;
    const target = group && this.#has?.setsid ? -group : 0;
    this.#channel.stdin.write(`${name} ${target}\n`);
  }

  #spoil(): void {
    this.#stale = true;
  }

  #onEnd(end: ChannelEnd): undefined {
    if (this.#ended) return undefined;
    this.#ended = end;
    clearTimeout(this.#timer);
    const [running, ...waiting] = this.#jobs.splice(0);
    // What follows a script that was stopped is the rest of a batch, which only reads: it may start again.
    if (this.#killed && running && !running.stopping) running.unstarted();
    else running?.abandon(lostMessage(end));
    for (const job of waiting) {
      if (end.kind === 'lost') job.abandon(lostMessage(end));
      else job.unstarted();
    }
    return undefined;
  }
}
