import { setTimeout as sleep } from 'node:timers/promises';
import { XrunError } from '../../diagnostics/errors.ts';
import type { Channel, Connection, Target, Transport } from '../../model/transport/transport.ts';
import { BECOME_DEADLINE, becomeShell } from '../become/become.ts';
import { shellScript } from './frame.ts';
import type { Become } from '../../model/transport/host-shell.ts';
import { nonce } from './nonce.ts';
import { PersistentShell } from './persistent-shell.ts';

/** Waits between tries for a channel, ms: sshd frees one (MaxSessions) a moment after it was closed. */
const CHANNEL_TRIES = [20, 50, 100, 200, 400];

/** The connection to one host and its persistent shells, one for each user that scripts run as. */
export class Session {
  readonly #transport: Transport;
  #target: Target;
  #connection: Connection | undefined;
  #lost: string | undefined;
  #shells = new Map<string, PersistentShell>();

  constructor(transport: Transport, target: Target) {
    this.#transport = transport;
    this.#target = target;
  }

  /** Logs in where that has to be done. Rejects as {@link Transport.connect} does. */
  async connect(signal?: AbortSignal): Promise<Connection> {
    if (this.#connection && this.#lost === undefined) return this.#connection;
    this.#shells.clear();
    const connection = await this.#transport.connect(this.#target, signal);
    this.#connection = connection;
    this.#lost = undefined;
    void connection.lost.then((why) => {
      if (this.#connection === connection) this.#lost = why;
    });
    return connection;
  }

  /** The shell of that user, started where there is none that can be used. */
  async shell(become: Become | undefined, signal?: AbortSignal): Promise<PersistentShell> {
    if ([...this.#shells.values()].some((shell) => shell.silent)) await this.drop();
    const connection = await this.connect(signal);
    const key = become ? `${become.method} ${become.user}` : '';
    const existing = this.#shells.get(key);
    if (existing?.usable) return existing;
    existing?.close();
    this.#shells.delete(key);
    const shell = await this.#inTime(
      become ? becomeShell((c, o) => this.#open(c, o), become) : this.#plain(connection),
      become,
    );
    this.#shells.set(key, shell);
    return shell;
  }

  /** Drops the connection; the next use logs in afresh, at `address` where that is given, null for the target's own. */
  async drop(address?: string | null): Promise<void> {
    const old = this.#connection;
    this.#connection = undefined;
    if (address !== undefined) {
      const { movedTo: _, ...target } = this.#target;
      this.#target = { ...target, ...(address !== null && { movedTo: address }) };
    }
    for (const shell of this.#shells.values()) shell.close();
    this.#shells.clear();
    await old?.close();
  }

  /** A host may log us in and then be stuck. */
  async #inTime(start: Promise<PersistentShell>, become: Become | undefined): Promise<PersistentShell> {
    const ms = this.#target.connectTimeout + (become ? BECOME_DEADLINE : 0);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ms);
    });
    try {
      const shell = await Promise.race([start, late]);
      if (shell) return shell;
    } finally {
      clearTimeout(timer);
    }
    start.catch(() => undefined);
    await this.drop();
    throw new XrunError(
      'E_UNREACHABLE',
      `${this.#target.name}: logged in, but no shell answered within ${ms / 1000} s`,
    );
  }

  async #plain(connection: Connection): Promise<PersistentShell> {
    try {
      const marker = nonce();
      return await PersistentShell.start(await this.#open(`exec /bin/sh -c ${shellScript(marker)}`), marker);
    } catch (error) {
      if (error instanceof XrunError) throw error;
      const message = `${this.#target.name} (${connection.remoteAddress}): ${(error as Error).message}`;
      throw new XrunError('E_UNREACHABLE', message, { cause: error });
    }
  }

  /** A channel; where the host refuses one more for good, on a new connection instead of the other shells. */
  async #open(command: string, options?: { pty?: boolean }): Promise<Channel> {
    for (const wait of CHANNEL_TRIES) {
      try {
        return await (await this.connect()).open(command, options);
      } catch (error) {
        if (!(error instanceof XrunError) || error.code !== 'E_SESSION') throw error;
        await sleep(wait);
      }
    }
    await this.drop();
    return (await this.connect()).open(command, options);
  }
}
