import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { XrunError } from '../../../diagnostics/errors.ts';
import { reason } from './dial.ts';
import type { Login } from './login.ts';
import { sshChannel } from './ssh-channel.ts';
import type { Channel, Connection } from '../../../model/transport/transport.ts';

/** Milliseconds that a closing connection may take to flush. */
const CLOSE_DEADLINE = 500;

/** A log-in that has succeeded. */
export class SshConnection implements Connection {
  readonly lost: Promise<string>;
  readonly remoteAddress: string;
  readonly #client: Client;
  readonly #socket: Duplex;
  #gone: string | undefined;
  #why: string | undefined;

  /** `name` is what messages call the place. */
  constructor(client: Client, socket: Duplex, remoteAddress: string, name: string) {
    this.#client = client;
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    // Without a listener a later ECONNRESET would end the process; node-ssh removes its own when it is ready.
    client.on('error', (error) => {
      this.#why ??= reason(error);
    });
    this.lost = new Promise((resolve) => {
      client.on('close', () => {
        this.#gone = `the connection to ${name} was lost: ${this.#why ?? 'the host closed it'}`;
        resolve(this.#gone);
      });
    });
  }

  /**
   * Ends the connection when nothing at all has come for so many intervals. ssh2 asks for signs of life, but would count
   * their answers only, which wait behind whatever else is on a slow line.
   */
  watch({ interval, count }: Login['keepalive']): void {
    let heard = false;
    let silent = 0;
    this.#socket.on('data', () => {
      heard = true;
    });
    const timer = setInterval(() => {
      silent = heard ? 0 : silent + 1;
      heard = false;
      if (silent < count) return;
      this.#why ??= 'the host no longer answers';
      this.#socket.destroy();
    }, interval);
    void this.lost.then(() => clearInterval(timer));
  }

  async open(command: string, options: { pty?: boolean } = {}): Promise<Channel> {
    return this.#ask<Channel>((done) => {
      this.#client.exec(command, { pty: options.pty ?? false }, (error, channel) => {
        // At once: the command's end may be in the packet that follows.
        if (error) done(error);
        else
          done(
            undefined,
            sshChannel(channel, () => this.#gone ?? this.#why ?? 'the channel was closed without an exit status'),
          );
      });
    });
  }

  /** A stream to a port that this host can reach. */
  async forward(host: string, port: number): Promise<Duplex> {
    return this.#ask<ClientChannel>((done) => this.#client.forwardOut('127.0.0.1', 0, host, port, done));
  }

  close(): Promise<void> {
    this.#why ??= 'it was closed';
    this.#client.end();
    const socket = this.#socket as Duplex & { destroySoon?: () => void };
    socket.destroySoon?.();
    const force = setTimeout(() => socket.destroy(), CLOSE_DEADLINE);
    return this.lost.then(() => clearTimeout(force));
  }

  async #ask<T>(start: (done: (error: Error | undefined, value?: T) => void) => void): Promise<T> {
    if (this.#gone !== undefined) throw new XrunError('E_UNREACHABLE', this.#gone);
    try {
      return await new Promise<T>((resolve, reject) =>
        start((error, value) => (error ? reject(error) : resolve(value as T))),
      );
    } catch (error) {
      if (this.#gone !== undefined) throw new XrunError('E_UNREACHABLE', this.#gone, { cause: error });
      throw new XrunError(
        'E_SESSION',
        `the host refused another SSH session (MaxSessions?): ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  }
}
